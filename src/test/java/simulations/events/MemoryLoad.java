package simulations.events;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import kpi.Figure;
import kpi.Kpi;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.run.Arrivals;
import simulations.run.Run;

/** Streams that come and go for as long as the user wishes. Thread-safe. */
public final class MemoryLoad extends EventsLoad<MemoryLoad.Plan> {
  /**
   * The load of the memory simulation.
   *
   * @param duration how long they then stream, one connection after the other
   * @param session length of each stream, after which its client disconnects
   */
  public record Plan(
      @Option(in = "1..50000") int clients,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1s..90d") Duration duration,
      @Option(in = "10ms..24h") Duration session,
      @Option(name = "delay", word = "delay", in = "1ms..1m", form = Form.MILLIS) Duration pace)
      implements EventsSettings.Plan {
    @Override
    public void check(EventsSettings.Server server, SettingsReader from) {
      if (pace.compareTo(session) > 0) {
        from.error("delay", "must not be longer than a session, which then has no event");
      }
    }

    int count() {
      return (int) session.dividedBy(pace);
    }

    @Override
    public Duration longest(EventsSettings.Server server) {
      Duration last = session.plus(server.timeout()).multipliedBy(2);
      return rampup.plus(duration).plus(last);
    }
  }

  /** So many connections make what one leaves behind larger than what a heap varies by. */
  private static final int STREAMS_MIN = 500;

  private static final double BYTES_PER_KB = 1e3;
  private static final String HEAP = Kpi.HEAP_PER_STREAM.of(EventsTargets.EVENTS);

  public MemoryLoad(EventsSettings<Plan> settings, Run run) {
    super(settings, run);
    Stage stage =
        whole("stream", new Arrivals.Plan(plan.clients(), plan.rampup(), plan.duration()));
    Streams.Plan streams = plan(plan.session()).of(plan.count()).timed(plan.pace());
    add(EventsJourneys.clients(stage, streams(stage, requests.endless(plan.pace()), streams)));
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Map<String, Figure> figures = super.figures(levelS);
    OptionalLong growth = run.processes().heapGrowth(EventsTargets.EVENTS);
    heapPerStreamKb(growth, recording().tally().started())
        .ifPresent(each -> figures.put(HEAP, Figure.of(Kpi.HEAP_PER_STREAM, each)));
    return figures;
  }

  static OptionalDouble heapPerStreamKb(OptionalLong growth, long streams) {
    return growth.isPresent() && streams >= STREAMS_MIN
        ? OptionalDouble.of(growth.getAsLong() / BYTES_PER_KB / streams)
        : OptionalDouble.empty();
  }

  @Override
  public Map<String, String> unchecked() {
    boolean few = recording().tally().started() < STREAMS_MIN;
    String why =
        few
            ? "It takes " + STREAMS_MIN + " streams; stream longer, or in shorter sessions."
            : "Only the heap of the bundled server is collected, before the load and after it.";
    return figures(0).containsKey(HEAP) ? Map.of() : Map.of(HEAP, why);
  }
}

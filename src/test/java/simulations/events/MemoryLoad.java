package simulations.events;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import kpi.Figure;
import kpi.Kpi;
import simulations.run.Arrivals;
import simulations.run.Run;

/** Streams that come and go for as long as the user wishes. Thread-safe. */
public final class MemoryLoad extends EventsLoad<MemorySettings> {
  /** So many connections make what one leaves behind larger than what a heap varies by. */
  private static final int STREAMS_MIN = 500;

  private static final double BYTES_PER_KB = 1e3;
  private static final String HEAP = Kpi.HEAP_PER_STREAM.of(EventsTargets.EVENTS);

  /** Starts or reaches the server. */
  public MemoryLoad(EventsSettings<MemorySettings> settings, Run run) {
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

package simulations.events;

import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import kpi.Figure;
import kpi.Kpi;
import kpi.Stages;
import kpi.Timeline.Span;
import settings.Option;
import settings.Option.Form;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import simulations.run.Run;

/** The three stages of the throughput simulation. Thread-safe. */
public final class ThroughputLoad extends EventsLoad<ThroughputLoad.Plan> {
  /**
   * The three stages of the throughput simulation.
   *
   * @param single how long the single client reads at full speed
   * @param clients of the other two stages
   * @param hold how long all of them read at once
   * @param delay time between two events of each of them
   * @param paced how long they read streams of a slower pace
   * @param pace time between two events of these
   * @param count events of each of these streams
   * @param resumers share of these streams that are left in the middle and resumed, in per cent
   * @param gapSlack how much longer than that a gap may be
   */
  public record Plan(
      @Option(in = "1s..1h") Duration single,
      @Option(in = "1..50000") int clients,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1s..24h") Duration hold,
      @Option(in = "0..1m", form = Form.MILLIS) Duration delay,
      @Option(in = "1s..24h") Duration paced,
      @Option(name = "interval", word = "interval", in = "1ms..1m", form = Form.MILLIS)
          Duration pace,
      @Option(in = "2..100000") int count,
      @Option(in = "0..100") int resumers,
      @Option(in = "0..1h", word = "slack") Duration gapSlack)
      implements EventsSettings.Plan {
    /** The least rate of the single client. */
    static final double FLOOR_SINGLE = 1_000;

    private static final double FLOOR_CLIENT = 100;
    private static final double FLOOR_MANY = 10_000;

    Duration stream() {
      return pace.multipliedBy(count);
    }

    @Override
    public Map<String, Double> words() {
      return Map.of(
          "single-floor", FLOOR_SINGLE, "many-floor", Math.min(FLOOR_MANY, FLOOR_CLIENT * clients));
    }

    @Override
    public Duration longest(EventsSettings.Server server) {
      Duration each = rampup.plus(server.timeout());
      return single.plus(hold).plus(paced).plus(stream()).plus(each.multipliedBy(3));
    }
  }

  /** From that share of a core on, the one event loop of a side is what limits. */
  private static final double BUSY = 0.8;

  private final Stage single;
  private final Stage many;

  public ThroughputLoad(EventsSettings<Plan> settings, Run run) {
    super(settings, run);
    int clients = plan.clients();
    this.single = stage("single", false, 1, Duration.ofSeconds(1), plan.single());
    this.many = stage("many", false, clients, plan.rampup(), plan.hold());
    Stage paced = stage("paced", true, clients, plan.rampup(), plan.paced());
    Streams.Plan whole =
        plan(plan.stream()).of(plan.count()).timed(plan.pace()).resumed(plan.resumers());
    String finite = requests.finite(plan.count(), plan.pace());
    add(
        endless(single, Duration.ZERO),
        endless(many, plan.delay()),
        EventsJourneys.clients(paced, streams(paced, finite, whole)));
  }

  private PopulationBuilder endless(Stage stage, Duration delay) {
    return EventsJourneys.clients(
        stage, streams(stage, requests.endless(delay), plan(stage.length()).delayed(delay)));
  }

  /** The rate of a single client at full speed is another thing than that of all clients. */
  @Override
  public List<Span> level(List<Span> phases) {
    return many.level();
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Map<String, Figure> figures = super.figures(levelS);
    for (Stage stage : List.of(single, many)) {
      String name = Stages.prefix(stage.name()) + Kpi.EVENTS_PER_S.word();
      stage.eventsPerS().ifPresent(rate -> figures.put(name, Figure.of(Kpi.EVENTS_PER_S, rate)));
    }
    return figures;
  }

  @Override
  public void check(Checks checks) {
    audit.events(checks);
    audit.resumes(checks);
    checks.validity("full_speed_limit").judge(this::limit);
  }

  /**
   * Names the side that limits the single client, which uses one event loop on each. A rate that
   * the generator limits says nothing against the server.
   */
  private Finding limit() {
    OptionalDouble generator = single.cores(Run.INJECTOR);
    OptionalDouble server = single.cores(EventsTargets.EVENTS);
    double rate = single.eventsPerS().orElse(0);
    double here = generator.orElse(0);
    double there = server.orElse(0);
    boolean own = here >= BUSY && here > there;
    String sides =
        String.format(Locale.ROOT, "generator %.2f cores, server ", here)
            + (server.isPresent() ? String.format(Locale.ROOT, "%.2f", there) : "unknown");
    String limit =
        own
            ? "The generator limited the single client: it can read no more than this."
            : there >= BUSY
                ? "The server limited the single client, not the generator."
                : "Neither side was busy all the time: what limited the single client lies between"
                    + " them, or in other programs.";
    String bad = limit + " The rate is below the floor, and says nothing about the server.";
    // A server without a plan need not be fast.
    boolean enough = !planned || rate >= Plan.FLOOR_SINGLE;
    return Finding.of(!own || enough, sides, "", limit, bad)
        .onlyIf(generator.isPresent(), "The generator's CPU time is not known.");
  }
}

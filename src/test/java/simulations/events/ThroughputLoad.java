package simulations.events;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import kpi.Figure;
import kpi.Kpi;
import kpi.Timeline.Span;
import simulations.run.Arrivals;
import simulations.run.Run;

/** The three stages of the throughput simulation. Thread-safe. */
public final class ThroughputLoad extends EventsLoad<ThroughputSettings> {
  final Stage single;
  private final Stage many;
  private final Stage paced;

  /** Starts or reaches the server. */
  public ThroughputLoad(EventsSettings<ThroughputSettings> settings, Run run) {
    super(settings, run);
    Duration one = Duration.ofSeconds(1);
    this.single = new Stage(run, "single", false, new Arrivals.Plan(1, one, plan.single()));
    this.many = stage("many", false, plan.hold());
    this.paced = stage("paced", true, plan.paced());
  }

  private Stage stage(String name, boolean last, Duration hold) {
    return new Stage(run, name, last, new Arrivals.Plan(plan.clients(), plan.rampup(), hold));
  }

  @Override
  List<Stage> stages() {
    return List.of(single, many, paced);
  }

  /** Returns the journey of a client of the warm-up. */
  public ChainBuilder warmUp() {
    return warmUp(plan.interval());
  }

  /** Returns the clients of the stages, in their order. */
  public List<PopulationBuilder> populations() {
    Streams.Plan whole =
        plan(plan.stream()).of(plan.count()).timed(plan.interval()).resumed(plan.resumers());
    return List.of(
        endless(single, Duration.ZERO),
        endless(many, plan.delay()),
        EventsJourneys.clients(
            paced, streams(paced, requests.finite(plan.count(), plan.interval()), whole)));
  }

  private PopulationBuilder endless(Stage stage, Duration delay) {
    return EventsJourneys.clients(
        stage, streams(stage, requests.endless(delay), plan(stage.length())));
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
      String name = stage.figure(Kpi.EVENTS_PER_S);
      stage.eventsPerS().ifPresent(rate -> figures.put(name, Figure.of(Kpi.EVENTS_PER_S, rate)));
    }
    return figures;
  }
}

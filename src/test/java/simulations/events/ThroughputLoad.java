package simulations.events;

import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import kpi.Figure;
import kpi.Kpi;
import kpi.Timeline.Span;
import simulations.run.Run;

/** The three stages of the throughput simulation. Thread-safe. */
public final class ThroughputLoad extends EventsLoad<ThroughputSettings> {
  final Stage single;
  private final Stage many;

  /** Starts or reaches the server. */
  public ThroughputLoad(EventsSettings<ThroughputSettings> settings, Run run) {
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
      String name = Stage.figure(stage.name(), Kpi.EVENTS_PER_S);
      stage.eventsPerS().ifPresent(rate -> figures.put(name, Figure.of(Kpi.EVENTS_PER_S, rate)));
    }
    return figures;
  }
}

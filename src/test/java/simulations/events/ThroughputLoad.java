package simulations.events;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import kpi.Figure;
import kpi.Kpi;
import kpi.Phase;
import kpi.Timeline.Span;
import simulations.run.Arrivals;
import simulations.run.Load;
import simulations.run.Recording;
import simulations.run.Run;
import simulations.run.Slos;

/** The three stages of the throughput simulation. Thread-safe. */
public final class ThroughputLoad implements Load {
  /** A stream of the warm-up at full speed. */
  private static final Duration WARM_UP = Duration.ofSeconds(1);

  private static final int WARM_UP_FULL_SPEED = 4;

  final ThroughputSettings settings;
  final EventsTargets targets;
  final Stage single;
  final Stage many;
  final Stage paced;
  private final Run run;
  private final EventsRequests requests;

  /** Starts or reaches the server. */
  public ThroughputLoad(ThroughputSettings settings, Run run) {
    this.settings = settings;
    this.run = run;
    this.targets = EventsTargets.prepare(settings.events(), run);
    this.requests = new EventsRequests(settings.events());
    ThroughputSettings.Plan plan = settings.plan();
    Duration one = Duration.ofSeconds(1);
    this.single = new Stage(run, "single", false, new Arrivals.Plan(1, one, plan.single()));
    this.many = stage("many", false, plan.hold());
    this.paced = stage("paced", true, plan.paced());
  }

  private Stage stage(String name, boolean last, Duration hold) {
    ThroughputSettings.Plan plan = settings.plan();
    return new Stage(run, name, last, new Arrivals.Plan(plan.clients(), plan.rampup(), hold));
  }

  public EventsTargets targets() {
    return targets;
  }

  /** Returns the journey of the warm-up's clients: few of them at full speed, the others paced. */
  public ChainBuilder warmUp() {
    Recording recording = run.recording(Phase.WARM_UP);
    ThroughputSettings.Plan plan = settings.plan();
    int count = (int) Math.max(2, Math.min(plan.count(), WARM_UP.dividedBy(plan.interval())));
    Streams steady =
        new Streams(
            "warm-up",
            requests.finite(count, plan.interval()),
            plan(count, true, 0, plan.interval().multipliedBy(count)),
            recording,
            () -> true);
    return EventsJourneys.client(steady);
  }

  /** Returns the clients of the three stages, in their order. */
  public List<PopulationBuilder> stages() {
    ThroughputSettings.Plan plan = settings.plan();
    List<PopulationBuilder> all = new ArrayList<>();
    all.add(endless(single, Duration.ZERO));
    all.add(endless(many, plan.delay()));
    Streams streams =
        new Streams(
            "paced",
            requests.finite(plan.count(), plan.interval()),
            plan(plan.count(), true, plan.resumers(), plan.stream()),
            run.recording(Phase.MEASURE),
            () -> true);
    all.add(EventsJourneys.clients(paced, streams));
    return all;
  }

  private PopulationBuilder endless(Stage stage, Duration delay) {
    Duration length = stage.plan().rampup().plus(stage.plan().hold());
    BooleanSupplier stays = stage.arrivals()::wantsMore;
    Recording recording = run.recording(Phase.MEASURE);
    return EventsJourneys.clients(
        stage,
        new Streams(
            stage.name(), requests.endless(delay), plan(0, false, 0, length), recording, stays));
  }

  private Streams.Plan plan(int count, boolean timed, int resumedPct, Duration length) {
    Slos slos = settings.common().slos();
    boolean planned = settings.events().isPlanned();
    return new Streams.Plan(
        count,
        timed,
        planned,
        planned ? resumedPct : 0,
        length,
        settings.events().timeout(),
        slos.maxNs(Kpi.GAP),
        slos.maxNs(Kpi.TTFT));
  }

  Recording recording() {
    return run.recording(Phase.MEASURE);
  }

  @Override
  public List<Arrivals> schedules() {
    return List.of(single.arrivals(), many.arrivals(), paced.arrivals());
  }

  @Override
  public Set<String> begins() {
    return List.of(single, many, paced).stream()
        .map(stage -> stage.name() + " connect")
        .collect(Collectors.toSet());
  }

  @Override
  public Optional<Gauge> gauge() {
    return Optional.of(new Gauge(EventsTargets.EVENTS, 0));
  }

  /** The rate of a single client at full speed is another thing than that of all clients. */
  @Override
  public List<Span> level(List<Span> phases) {
    return many.level();
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    figures.put(Kpi.GOODPUT.word(), recording().goodput());
    for (Stage stage : List.of(single, many)) {
      stage
          .eventsPerS()
          .ifPresent(
              rate ->
                  figures.put(stage.figure(Kpi.EVENTS_PER_S), Figure.of(Kpi.EVENTS_PER_S, rate)));
    }
    return figures;
  }
}

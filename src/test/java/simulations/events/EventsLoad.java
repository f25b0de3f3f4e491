package simulations.events;

import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import kpi.Figure;
import kpi.Phase;
import kpi.Sample;
import kpi.Stages;
import kpi.Timeline.Span;
import simulations.run.Arrivals;
import simulations.run.Audit;
import simulations.run.Checks;
import simulations.run.Levels;
import simulations.run.Load;
import simulations.run.PhaseNames;
import simulations.run.Recording;
import simulations.run.Run;

/**
 * The stages of a simulation of an event server, one after the other, and its checks. Thread-safe.
 */
public abstract class EventsLoad<P extends EventsSettings.Plan> implements Load, Audit {
  private static final int WARM_UP_EVENTS_MAX = 100;
  private static final String BROADCAST = "/broadcast";

  final Run run;
  final EventsSettings<P> settings;
  final P plan;
  final EventsTargets targets;
  final EventsRequests requests;
  final EventsAudit audit;

  /** Whether streams follow their plan. */
  final boolean planned;

  /** The server, or the link to it. */
  final URI url;

  private final List<Streams> measured = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();
  private final List<PopulationBuilder> populations = new ArrayList<>();

  EventsLoad(EventsSettings<P> settings, Run run) {
    this.settings = settings;
    this.plan = settings.plan();
    this.run = run;
    this.targets = EventsTargets.prepare(settings, run);
    this.requests = new EventsRequests(settings.server());
    this.audit = new EventsAudit(targets, settings.server(), this::faults);
    this.planned = settings.server().isPlanned();
    this.url =
        settings
            .server()
            .link()
            .map(link -> link.to(targets.url(), settings.common().seed(), run.nanoClock()))
            .orElse(targets.url());
  }

  public final HttpProtocolBuilder protocol() {
    HttpProtocolBuilder protocol =
        http.baseUrl(url.toString()).disableWarmUp().acceptHeader("text/event-stream");
    return settings.server().isHttp2() ? protocol.enableHttp2() : protocol;
  }

  /** Adds one of several stages, in their order. */
  final Stage stage(String name, boolean last, int clients, Duration rampup, Duration hold) {
    return stage(name, last, new Arrivals.Plan(clients, rampup, hold));
  }

  final Stage stage(String name, boolean last, Arrivals.Plan plan) {
    PhaseNames phases = PhaseNames.of(name, last);
    return stage(name, new Arrivals(run, Stages.prefix(name), "clients", phases, plan), plan);
  }

  /** Adds the only stage of a run. */
  final Stage whole(String name, Arrivals.Plan plan) {
    return stage(name, new Arrivals(run, "clients", plan), plan);
  }

  private Stage stage(String name, Arrivals arrivals, Arrivals.Plan plan) {
    Stage stage = new Stage(name, arrivals, plan, run);
    stages.add(stage);
    return stage;
  }

  /** Adds users, who arrive when those added before have left. */
  final void add(PopulationBuilder... users) {
    populations.addAll(List.of(users));
  }

  /** Returns the users of the stages, in their order. */
  public final List<PopulationBuilder> populations() {
    return populations;
  }

  /** Returns the journey of a client of the warm-up, which reads at its pace for a second. */
  public final ChainBuilder warmUp() {
    Duration interval = plan.pace();
    long second = Duration.ofSeconds(1).dividedBy(interval);
    int count = (int) Math.max(2, Math.min(WARM_UP_EVENTS_MAX, second));
    Streams.Plan plan = plan(interval.multipliedBy(count)).of(count).timed(Duration.ZERO);
    return EventsJourneys.client(
        new Streams(
            "warm-up",
            requests.finite(count, interval),
            plan,
            run.recording(Phase.WARM_UP),
            nowNs -> true));
  }

  /** Returns the streams of a stage, whose clients stay in endless ones until it is over. */
  final Streams streams(Stage stage, String target, Streams.Plan plan) {
    Streams streams =
        new Streams(stage.name(), target, plan, recording(), stage.arrivals()::wantsMoreAt);
    streams.steady = stage.arrivals()::steady;
    return measured(streams);
  }

  /** Returns the streams of a stage in which each client reads what is published. */
  final Streams broadcast(Stage stage, Streams.Plan plan) {
    return measured(
        new Streams(
            stage.name(), BROADCAST, plan, recording(), nowNs -> true, Streams.Feed.BROADCAST));
  }

  private Streams measured(Streams streams) {
    measured.add(streams);
    return streams;
  }

  /** Returns why streams failed, in words; empty if none did. */
  private String faults() {
    return measured.stream()
        .filter(streams -> !streams.faults.words().isEmpty())
        .map(this::faults)
        .collect(Collectors.joining("; "));
  }

  private String faults(Streams streams) {
    String url = targets.base().resolve(streams.target).toString();
    String words = streams.name + ": " + streams.faults.words();
    return settings.common().access().explained(words, url, settings.server().timeout());
  }

  /** Returns the publisher of such streams. */
  final Publisher publisher(Stage stage, int count, Duration interval, BooleanSupplier isReady) {
    URI broadcast = targets.base().resolve(BROADCAST);
    Duration within = stage.plan().rampup().plus(settings.server().timeout());
    Set<Long> accepted = ConcurrentHashMap.newKeySet();
    return new Publisher(broadcast, count, interval, isReady, within, run.nanoClock(), accepted);
  }

  /** Returns the plan of endless streams of that length, without times. */
  final Streams.Plan plan(Duration length) {
    return Streams.Plan.endless(
        planned, length.plus(settings.server().timeout()), settings.common().slos());
  }

  final Recording recording() {
    return run.recording(Phase.MEASURE);
  }

  @Override
  public final List<Arrivals> schedules() {
    return stages.stream().map(Stage::arrivals).toList();
  }

  @Override
  public final Set<String> begins() {
    return stages.stream().map(stage -> stage.name() + " connect").collect(Collectors.toSet());
  }

  @Override
  public void settle() {
    audit.settle();
  }

  @Override
  public void check(Checks checks) {
    audit.events(checks);
    audit.returns(checks);
  }

  @Override
  public Optional<Gauge> gauge() {
    return Optional.of(new Gauge(EventsTargets.EVENTS, 0));
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    return new LinkedHashMap<>(recording().goodput());
  }

  /**
   * A stage of a run: its clients, who arrive together and read until its hold has passed.
   *
   * @param name of its phases and figures, without spaces
   */
  public record Stage(String name, Arrivals arrivals, Arrivals.Plan plan, Run run) {
    /** Returns the time from its first arrival to the end of its hold. */
    Duration length() {
      return plan.rampup().plus(plan.hold());
    }

    /** Returns the spans of its level load, of which there is at most one. */
    List<Span> level() {
      String hold = PhaseNames.of(name, false).hold();
      return run.timeline().spans().stream().filter(span -> span.name().equals(hold)).toList();
    }

    /**
     * Returns the events that all its clients received a second; empty if the hold did not begin.
     */
    OptionalDouble eventsPerS() {
      return levels().perS(Sample::events);
    }

    /** Returns the cores that a process used; empty if it is not known. */
    OptionalDouble cores(String process) {
      return levels().cores(process);
    }

    private Levels levels() {
      return new Levels(run.sampler().samples(), level());
    }
  }
}

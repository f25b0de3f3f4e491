package simulations.events;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.MetricsSource;
import simulations.run.Run;
import simulations.run.SideWork;

/** Steps of more and more connections to one broadcast, and then churn. Thread-safe. */
public final class WatcherLoad extends EventsLoad<WatcherSettings> {
  static final String CHURN = "churn";

  /** Pace of streams without a publisher. */
  private static final Duration PACE = Duration.ofMillis(100);

  private static final int CHURN_EVENTS = 2;
  private static final Duration LOOK = Duration.ofMillis(50);

  final WatcherLog log;
  private final SideWork logging;
  private final List<Part> parts = new ArrayList<>();

  /** A stage with its publisher, if it has one. */
  private record Part(Stage stage, Streams streams, Optional<Publisher> publisher) {}

  /** Starts or reaches the server. */
  public WatcherLoad(EventsSettings<WatcherSettings> settings, Run run) {
    super(settings, run);
    this.log =
        new WatcherLog(MetricsSource.at(EventsTargets.EVENTS, targets.base().resolve("/metrics")));
    this.logging = new SideWork("watcher log", List.of(log));
    if (targets.counted().isPresent()) {
      logging.begin();
    }
    boolean churns = !plan.churn().isZero();
    for (int clients : plan.steps()) {
      boolean last = !churns && parts.size() == plan.steps().size() - 1;
      parts.add(step(new Stage(run, "" + clients, last, plan.arrivals(clients))));
    }
    if (churns) {
      Stage stage = new Stage(run, CHURN, true, plan.churning());
      parts.add(new Part(stage, endless(stage, plan(PACE).of(CHURN_EVENTS)), Optional.empty()));
    }
  }

  private Part step(Stage stage) {
    Streams.Plan endless = plan(stage.plan().rampup().plus(plan.step(settings.server().timeout())));
    if (!settings.server().isPlanned()) {
      return new Part(stage, endless(stage, endless), Optional.empty());
    }
    int clients = stage.plan().users();
    Streams streams = broadcast(stage, endless.of(plan.count()));
    BooleanSupplier isReady =
        () -> targets.counted().isPresent() ? log.has(clients) : streams.has(clients);
    Publisher publisher = publisher(plan.count(), plan.interval(), isReady);
    return new Part(stage, streams, Optional.of(publisher));
  }

  private Streams endless(Stage stage, Streams.Plan plan) {
    return streams(stage, requests.endless(PACE), plan);
  }

  public ChainBuilder warmUp() {
    return warmUp(PACE);
  }

  /** Returns the clients of each stage, and after them who waits until the server is idle. */
  public List<PopulationBuilder> populations() {
    return parts.stream()
        .flatMap(
            part ->
                Stream.of(
                    EventsJourneys.once(part.stage, part.streams, () -> begin(part)),
                    idle(part.stage.name())))
        .toList();
  }

  /** A client of a stage has arrived. */
  private void begin(Part part) {
    log.begin(part.stage.name(), part.stage.plan().users());
    Duration within = part.stage.plan().rampup().plus(settings.server().timeout());
    part.publisher.ifPresent(publisher -> publisher.begin(within));
  }

  private PopulationBuilder idle(String stage) {
    boolean known = targets.counted().isPresent();
    return scenario(stage + " idle")
        .repeat((int) settings.server().timeout().dividedBy(LOOK), "looks")
        .on(doIf(session -> known && !log.isIdle()).then(pause(LOOK)))
        .injectOpen(atOnceUsers(1));
  }

  void end() {
    log.end();
    logging.end(Duration.ofSeconds(1));
  }

  @Override
  public Map<String, String> unchecked() {
    String why = "Nothing is published to a server of your own; -Dverify=yes does it.";
    return settings.server().isPlanned() ? Map.of() : Map.of(Kpi.DELIVERY_LAG.word(), why);
  }

  /** Streams are so short, or so few, that a gauge read once a second says nothing of them. */
  @Override
  public Optional<Gauge> gauge() {
    return Optional.empty();
  }

  @Override
  List<Stage> stages() {
    return parts.stream().map(Part::stage).toList();
  }
}

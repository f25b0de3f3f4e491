package simulations.events;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import kpi.Kpi;
import kpi.MetricsSource;
import simulations.run.Run;
import simulations.run.SideWork;

/** Steps of more and more connections to one broadcast, and then churn. Thread-safe. */
public final class WatcherLoad extends EventsLoad<WatcherSettings> {
  static final String CHURN = "churn";

  private static final int CHURN_EVENTS = 2;

  final WatcherLog log;
  private final SideWork logging;

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
    for (Iterator<Integer> steps = plan.steps().iterator(); steps.hasNext(); ) {
      int clients = steps.next();
      step(stage("" + clients, !churns && !steps.hasNext(), plan.arrivals(clients)));
    }
    if (churns) {
      Stage stage = stage(CHURN, true, plan.churning());
      add(stage, endless(stage, plan(plan.pace()).of(CHURN_EVENTS)), () -> {});
    }
  }

  private void step(Stage stage) {
    Streams.Plan endless = plan(stage.plan().rampup().plus(plan.step(settings.server().timeout())));
    if (!settings.server().isPlanned()) {
      add(stage, endless(stage, endless), () -> {});
      return;
    }
    int clients = stage.plan().users();
    Streams streams = broadcast(stage, endless.of(plan.count()));
    BooleanSupplier isReady =
        () -> targets.counted().isPresent() ? log.has(clients) : streams.has(clients);
    Publisher publisher = publisher(stage, plan.count(), plan.interval(), isReady);
    add(stage, streams, new SideWork("publisher", List.of(publisher))::begin);
  }

  /** Adds the clients of a stage, and after them who waits until the server is idle. */
  private void add(Stage stage, Streams streams, Runnable publishing) {
    Runnable arrived =
        () -> {
          log.begin(stage.name(), stage.plan().users());
          publishing.run();
        };
    BooleanSupplier isIdle = () -> targets.counted().isEmpty() || log.isIdle();
    add(
        EventsJourneys.once(stage, streams, arrived),
        EventsJourneys.until(stage.name() + " idle", settings.server().timeout(), isIdle));
  }

  private Streams endless(Stage stage, Streams.Plan each) {
    return streams(stage, requests.endless(plan.pace()), each);
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
}

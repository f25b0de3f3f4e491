package simulations.events;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kpi.Kpi;
import kpi.MetricsSource;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.events.WatcherLog.Seen;
import simulations.run.Arrivals;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import simulations.run.Run;
import simulations.run.SideWork;
import verdict.Numbers;

/** Steps of more and more connections to one broadcast, and then churn. Thread-safe. */
public final class WatcherLoad extends EventsLoad<WatcherLoad.Plan> {
  /**
   * The steps of the watcher simulation, and the churn after them.
   *
   * @param rate connections a second while a step's clients arrive, and in the churn
   * @param churn length of the churn, whole seconds; 0 for none
   * @param count events published to all clients of a step
   * @param interval time between two of them
   * @param threadsMax most threads of the server, however many connections it has
   * @param steps numbers of connections, one after the other
   */
  public record Plan(
      @Option(in = "1..5000") int rate,
      @Option(in = "1..5000") int churnRate,
      @Option(in = "0..1h", form = Form.SECONDS) Duration churn,
      @Option(in = "1..100000") int count,
      @Option(in = "1ms..1m", form = Form.MILLIS) Duration interval,
      @Option(in = "1..10000") int threadsMax,
      @Option(in = "1..50000") List<Integer> steps)
      implements EventsSettings.Plan {
    private static final Duration PACE = Duration.ofMillis(100);

    /** In less time a single late arrival is one of the whole rate. */
    private static final int RAMPUP_MIN_S = 2;

    @Override
    public void check(EventsSettings.Server server, SettingsReader from) {
      if (steps.isEmpty() || steps.stream().distinct().count() < steps.size()) {
        from.error("steps", "must be different numbers of connections, such as 100,1000");
      }
    }

    @Override
    public int clients() {
      return steps.get(0);
    }

    Arrivals.Plan arrivals(int clients) {
      Duration rampup = Duration.ofSeconds(Math.max(RAMPUP_MIN_S, (clients + rate - 1) / rate));
      return new Arrivals.Plan(clients, rampup, publishing());
    }

    Arrivals.Plan churning() {
      int clients = (int) (churnRate * churn.toSeconds());
      return new Arrivals.Plan(clients, churn, Duration.ZERO);
    }

    /** Returns the time between two events of a stream of the churn, which has no publisher. */
    @Override
    public Duration pace() {
      return PACE;
    }

    private Duration publishing() {
      return interval.multipliedBy(count);
    }

    /** Returns the longest time of a step after its clients have arrived. */
    Duration step(Duration timeout) {
      return publishing().plus(timeout.multipliedBy(2));
    }

    /** The churn reads numbered streams. */
    @Override
    public boolean isPublished() {
      return churn.isZero();
    }

    @Override
    public Duration longest(EventsSettings.Server server) {
      return steps.stream()
          .map(clients -> arrivals(clients).rampup().plus(step(server.timeout())))
          .reduce(churn.plus(server.timeout()), Duration::plus);
    }
  }

  private static final String CHURN = "churn";

  private static final int CHURN_EVENTS = 2;

  private final WatcherLog log;
  private final SideWork logging;

  public WatcherLoad(EventsSettings<Plan> settings, Run run) {
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
    if (!planned) {
      add(stage, endless(stage, endless), () -> {});
      return;
    }
    int clients = stage.plan().users();
    Streams streams = broadcast(stage, endless.of(plan.count()));
    BooleanSupplier isReady =
        () -> targets.counted().isPresent() ? log.has(clients) : streams.connected.get() >= clients;
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

  @Override
  public Map<String, String> unchecked() {
    String why = "Nothing is published to a server of your own; -Dverify=yes does it.";
    return planned ? Map.of() : Map.of(Kpi.DELIVERY_LAG.word(), why);
  }

  /** Streams are so short, or so few, that a gauge read once a second says nothing of them. */
  @Override
  public Optional<Gauge> gauge() {
    return Optional.empty();
  }

  @Override
  public void settle() {
    log.end();
    logging.end(Duration.ofSeconds(1));
    super.settle();
  }

  @Override
  public void check(Checks checks) {
    super.check(checks);
    int threads = plan.threadsMax();
    check(
        checks,
        "one_watcher",
        "1 in each stage",
        seen -> seen.watchersMax == 1 && (isChurn(seen) || seen.watchersMin == 1),
        seen -> Numbers.count(seen.watchersMax) + " watchers for " + clients(seen),
        "/watchers");
    check(
        checks,
        "all_registered",
        "each client once",
        seen -> isChurn(seen) || seen.registeredMax == seen.clients,
        seen -> Numbers.count(seen.registeredMax) + " registrations of " + clients(seen),
        "/registered_events");
    check(
        checks,
        "watcher_restarts",
        "started once and stopped in each stage",
        seen -> seen.idle && (isChurn(seen) ? seen.started > 0 : seen.started == 1),
        seen ->
            Numbers.count(seen.started)
                + (seen.idle ? " starts for " : " starts and no stop for ")
                + clients(seen),
        "/watchers_started");
    check(
        checks,
        "threads_bounded",
        "<= " + threads,
        seen -> seen.threadsMax <= threads,
        seen -> Numbers.count(seen.threadsMax) + " threads with " + clients(seen),
        "/num_threads");
  }

  private void check(
      Checks checks,
      String name,
      String limit,
      Predicate<Seen> holds,
      Function<Seen, String> words,
      String pointer) {
    List<Seen> all = log.stages();
    List<Seen> bad = all.stream().filter(holds.negate()).toList();
    checks
        .of(name)
        .reads(targets.counted(), EventsTargets.NO_COUNTERS, pointer)
        .judge(
            () -> {
              String figure =
                  (bad.isEmpty() ? all : bad).stream().map(words).collect(Collectors.joining("; "));
              boolean read = all.stream().allMatch(seen -> seen.readings > 0) && !all.isEmpty();
              return Finding.of(bad.isEmpty(), figure, limit, figure + ".", figure + ".")
                  .onlyIf(read, "The server's metrics were not read in every stage.");
            });
  }

  private static boolean isChurn(Seen seen) {
    return seen.stage.equals(CHURN);
  }

  private static String clients(Seen seen) {
    return Numbers.count(seen.clients) + " clients";
  }
}

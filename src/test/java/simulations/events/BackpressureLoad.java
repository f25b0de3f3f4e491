package simulations.events;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Kpi;
import kpi.Timeline.Span;
import settings.Option;
import settings.Option.Form;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import simulations.run.Run;
import simulations.run.SideWork;
import verdict.Numbers;

/**
 * The three stages of the backpressure simulation, and the slow and frozen clients beside the
 * second. Thread-safe.
 */
public final class BackpressureLoad extends EventsLoad<BackpressureLoad.Plan> {
  /**
   * The three stages of the backpressure simulation.
   *
   * @param clients fast ones, which read every event as it is sent
   * @param alone how long they read alone
   * @param hold how long they read beside slow and frozen clients
   * @param pace time between two of their events
   * @param gapSlack how much later than that an event may be until it is overdue
   * @param slow clients that read less than the server could send
   * @param slowRate KB that each of these reads a second
   * @param frozen clients that stop reading
   * @param sendTimeout after which the server closes those
   * @param unaffected least share of the time without overdue events that is left beside them, in
   *     per cent
   * @param connects clients a second that come and leave in the middle of a stream
   * @param churn how long they do
   */
  public record Plan(
      @Option(in = "1..10000") int clients,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1s..24h") Duration alone,
      @Option(in = "1s..24h") Duration hold,
      @Option(name = "interval", word = "interval", in = "1ms..1m", form = Form.MILLIS)
          Duration pace,
      @Option(in = "0..1h", word = "slack") Duration gapSlack,
      @Option(in = "0..1000") int slow,
      @Option(in = "1..1000000") int slowRate,
      @Option(in = "0..1000") int frozen,
      @Option(in = "1s..1h") Duration sendTimeout,
      @Option(in = "0..100") double unaffected,
      @Option(in = "1..10000") int connects,
      @Option(in = "1s..24h", form = Form.SECONDS) Duration churn)
      implements EventsSettings.Plan {
    /** Returns how long a frozen client reads nothing: the server looks a few times a second. */
    Duration freeze() {
      return sendTimeout.multipliedBy(3).dividedBy(2).plusSeconds(1);
    }

    Duration onTime() {
      return pace.plus(gapSlack);
    }

    @Override
    public Duration longest(EventsSettings.Server server) {
      Duration each = rampup.plus(server.timeout());
      return alone.plus(hold).plus(churn).plus(freeze()).plus(each.multipliedBy(3));
    }
  }

  /** Events after which a client of the churn leaves. */
  private static final int CHURN_EVENTS = 3;

  /** Beyond the freeze: the connection, and the end of what was sent. */
  private static final Duration BESIDE_BOUND = Duration.ofSeconds(10);

  private static final String PACE =
      "The pace of the server is not known; -Dverify=yes is for one that keeps the plan.";

  private final List<SlowClient> slow;
  private final List<SlowClient> frozen;
  private final Map<SlowClient, SlowClient.End> ends = new ConcurrentHashMap<>();
  private final SideWork beside;
  private final Stage together;
  private final Streams alone;
  private final Streams mixed;

  public BackpressureLoad(EventsSettings<Plan> settings, Run run) {
    super(settings, run);
    Stage fast = stage("alone", false, plan.clients(), plan.rampup(), plan.alone());
    this.together = stage("beside", false, plan.clients(), plan.rampup(), plan.hold());
    int comers = (int) Math.min(Integer.MAX_VALUE, plan.connects() * plan.churn().toSeconds());
    Stage churn = stage("churn", true, comers, plan.churn(), Duration.ZERO);
    this.alone = paced(fast);
    this.mixed = paced(together);
    this.slow =
        beside(
            "slow",
            plan.slow(),
            (client, in) -> client.slowly(in, plan.slowRate(), together.arrivals()::wantsMore));
    this.frozen = beside("frozen", plan.frozen(), (client, in) -> client.frozen(in, plan.freeze()));
    this.beside =
        new SideWork(
            "slow client",
            Stream.concat(slow.stream(), frozen.stream())
                .<Runnable>map(client -> () -> ends.put(client, client.read()))
                .toList());
    Streams.Plan brief = plan(plan.pace().multipliedBy(CHURN_EVENTS)).of(CHURN_EVENTS);
    add(
        EventsJourneys.clients(fast, alone),
        EventsJourneys.once(together, mixed, beside::begin),
        EventsJourneys.once(churn, streams(churn, requests.endless(plan.pace()), brief), () -> {}));
  }

  private List<SlowClient> beside(
      String kind, int count, BiFunction<SlowClient, InputStream, SlowClient.End> reading) {
    URI plain = settings.server().isHttp2() ? targets.base() : url; // Their sockets have no TLS.
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> kind + " client " + number)
        .map(
            name ->
                new SlowClient(
                    name, plain, requests.large(Duration.ZERO), run.nanoClock(), reading))
        .toList();
  }

  private Streams paced(Stage stage) {
    return streams(stage, requests.endless(plan.pace()), plan(stage.length()).timed(plan.onTime()));
  }

  /** What the fast clients get beside the others is the load of which figures are compared. */
  @Override
  public List<Span> level(List<Span> phases) {
    return together.level();
  }

  /** One kind of clients beside those of Gatling, of which the gauge counts all. */
  @Override
  public Optional<Gauge> gauge() {
    return Optional.of(new Gauge(EventsTargets.EVENTS, plan.slow() + plan.frozen()));
  }

  /** Returns the time without overdue events beside the others, in per cent of that alone. */
  static OptionalDouble unaffectedPct(Streams beside, Streams without) {
    double share = 100 * beside.onTime() / without.onTime();
    return Double.isFinite(share) ? OptionalDouble.of(share) : OptionalDouble.empty();
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Map<String, Figure> figures = super.figures(levelS);
    if (planned) {
      String name = Kpi.FAST_UNAFFECTED.word();
      unaffectedPct(mixed, alone)
          .ifPresent(pct -> figures.put(name, Figure.of(Kpi.FAST_UNAFFECTED, pct)));
    }
    return figures;
  }

  @Override
  public Map<String, String> unchecked() {
    return planned ? Map.of() : Map.of(Kpi.FAST_UNAFFECTED.word(), PACE);
  }

  @Override
  public void settle() {
    beside.end(plan.freeze().plus(BESIDE_BOUND));
    super.settle();
  }

  @Override
  public void check(Checks checks) {
    audit.events(checks);
    checks.of(Kpi.FAST_UNAFFECTED.word()).needs(planned, PACE).judge(this::unaffected);
    checks
        .of("frozen_clients_closed")
        .needs(planned, "The send timeout of the server is not known; -Dverify=yes checks it.")
        .needs(!frozen.isEmpty(), "There were no frozen clients in this run (-Dfrozen).")
        .judge(
            () -> all(frozen, "closed", "Each client that read nothing was closed by the server."));
    checks
        .of("slow_clients_served")
        .needs(planned, EventsSettings.UNPLANNED)
        .needs(!slow.isEmpty(), "There were no slow clients in this run (-Dslow).")
        .judge(() -> all(slow, "served", "Each client that read slowly was served to its end."));
    audit.returns(checks);
  }

  private Finding unaffected() {
    double least = plan.unaffected();
    OptionalDouble known = unaffectedPct(mixed, alone);
    double share = known.orElse(0);
    String figure = Numbers.words(share, "%");
    return Finding.of(
            share >= least,
            figure,
            ">= " + Numbers.words(least, "%"),
            "Slow and frozen clients cost the fast ones nothing.",
            "Beside slow and frozen clients no event of the fast ones was overdue in only "
                + figure
                + " of the time that it was without them.")
        .onlyIf(known.isPresent(), "No fast client had a gap.");
  }

  /** Names each client that did not end as it should. */
  private Finding all(List<SlowClient> clients, String word, String good) {
    List<SlowClient.End> seen = clients.stream().filter(ends::containsKey).map(ends::get).toList();
    long right = seen.stream().filter(SlowClient.End::isRight).count();
    String figure = right + " of " + clients.size() + " " + word;
    String bad =
        seen.stream()
                .filter(end -> !end.isRight())
                .map(SlowClient.End::sentence)
                .collect(Collectors.joining("; "))
            + ".";
    return Finding.of(right == seen.size(), figure, "all", good, bad)
        .onlyIf(
            seen.size() == clients.size() || right < seen.size(),
            "Not every one of these clients came to its end.");
  }
}

package simulations.events;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Kpi;
import kpi.Timeline.Span;
import simulations.events.SlowClient.Reading;
import simulations.run.Run;
import simulations.run.SideWork;

/**
 * The three stages of the backpressure simulation, and the slow and frozen clients beside the
 * second. Thread-safe.
 */
public final class BackpressureLoad extends EventsLoad<BackpressureSettings> {
  /** Events after which a client of the churn leaves. */
  private static final int CHURN_EVENTS = 3;

  static final String PACE =
      "The pace of the server is not known; -Dverify=yes is for one that keeps the plan.";

  final List<SlowClient> slow;
  final List<SlowClient> frozen;
  final SideWork beside;
  private final Stage together;
  private final Streams alone;
  private final Streams mixed;

  /** Starts or reaches the server. */
  public BackpressureLoad(EventsSettings<BackpressureSettings> settings, Run run) {
    super(settings, run);
    Stage fast = stage("alone", false, plan.clients(), plan.rampup(), plan.alone());
    this.together = stage("beside", false, plan.clients(), plan.rampup(), plan.hold());
    int comers = (int) Math.min(Integer.MAX_VALUE, plan.connects() * plan.churn().toSeconds());
    Stage churn = stage("churn", true, comers, plan.churn(), Duration.ZERO);
    this.alone = paced(fast);
    this.mixed = paced(together);
    this.slow =
        beside(
            "slow", plan.slow(), Reading.slowly(plan.slowRate(), together.arrivals()::wantsMore));
    this.frozen = beside("frozen", plan.frozen(), Reading.frozen(plan.freeze()));
    this.beside =
        new SideWork("slow client", Stream.concat(slow.stream(), frozen.stream()).toList());
    Streams.Plan brief = plan(plan.pace().multipliedBy(CHURN_EVENTS)).of(CHURN_EVENTS);
    add(
        EventsJourneys.clients(fast, alone),
        EventsJourneys.once(together, mixed, beside::begin),
        EventsJourneys.once(churn, streams(churn, requests.endless(plan.pace()), brief), () -> {}));
  }

  private List<SlowClient> beside(String kind, int count, Reading reading) {
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
  OptionalDouble unaffected() {
    return unaffectedPct(mixed, alone);
  }

  static OptionalDouble unaffectedPct(Streams beside, Streams without) {
    double share = 100 * beside.onTime() / without.onTime();
    return Double.isFinite(share) ? OptionalDouble.of(share) : OptionalDouble.empty();
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Map<String, Figure> figures = super.figures(levelS);
    if (settings.server().isPlanned()) {
      String name = Kpi.FAST_UNAFFECTED.word();
      unaffected().ifPresent(pct -> figures.put(name, Figure.of(Kpi.FAST_UNAFFECTED, pct)));
    }
    return figures;
  }

  @Override
  public Map<String, String> unchecked() {
    return settings.server().isPlanned() ? Map.of() : Map.of(Kpi.FAST_UNAFFECTED.word(), PACE);
  }
}

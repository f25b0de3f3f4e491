package simulations.relay;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import kpi.Figure;
import kpi.Kpi;
import kpi.Phase;
import simulations.relay.RelaySettings.Delivery;
import simulations.relay.RelaySettings.Mode;
import simulations.relay.RelaySettings.Plan;
import simulations.run.Arrivals;
import simulations.run.Clock;
import simulations.run.Faults;
import simulations.run.Load;
import simulations.run.Recording;
import simulations.run.Run;
import simulations.run.Shard;
import simulations.run.SideWork;

/** The conversations of one run: published, read, or both. Thread-safe. */
public final class RelayLoad implements Load {
  /** With their padding, more than all buffers hold for a reader that reads nothing. */
  private static final Conversation.Shape SLOW = new Conversation.Shape(1500, 700_000, 4 << 10, 0);

  private static final long WARM_UP_NS = 3_000_000_000L;

  final RelaySettings settings;
  final Clock clock;
  final Clock.Agreement agreement = new Clock.Agreement();
  final Arrivals arrivals;
  final List<SlowReader> slowReaders;
  final SideWork slowReading;

  /** Why consumers' streams failed. */
  final Faults faults = new Faults();

  final Run run;
  private final Plan plan;
  private final Optional<TokenPublisher> publisher;
  private final Map<Phase, Streams> streams = new EnumMap<>(Phase.class);
  private final AtomicInteger places = new AtomicInteger();
  private final AtomicInteger warmUps = new AtomicInteger();
  private final Shard shard;

  /** When a consumer received its first token; 0 before. */
  final AtomicLong firstTokenNs = new AtomicLong();

  /** From when on tokens are due whose hops all have the same time of day. */
  private volatile long hopsFromNs = Long.MIN_VALUE;

  private int steps;

  public RelayLoad(RelaySettings settings, RelayTargets targets, Run run) {
    this.settings = settings;
    this.shard = settings.common().shard();
    this.run = run;
    this.clock = targets.clock();
    boolean sendsPlan = settings.mode() == Mode.PRODUCER;
    this.publisher =
        targets
            .redis()
            .filter(url -> settings.mode().produces())
            .map(url -> new RedisTokens(url, settings.delivery()))
            .map(redis -> new TokenPublisher(redis, clock, run::recording, sendsPlan));
    this.plan = settings.plan();
    this.arrivals =
        new Arrivals(
            run,
            "conversations",
            new Arrivals.Plan(plan.conversations(), plan.rampup(), plan.hold()));
    for (Phase phase : Phase.values()) {
      Recording recording = run.recording(phase);
      LongPredicate hops = dueNs -> targets.oneHost() && dueNs >= hopsFromNs;
      streams.put(
          phase, new Streams(recording, settings, clock, agreement, hops, arrivals::steady));
    }
    this.slowReaders =
        IntStream.range(0, shard.of(settings.probes().slowReaders()))
            .map(shard::at)
            .mapToObj(number -> unmeasured("-slow-", number, SLOW))
            .map(conversation -> new SlowReader(targets.url(), conversation, publisher()))
            .toList();
    this.slowReading = new SideWork("slow reader", slowReaders);
  }

  /**
   * Parts of the streams of a phase.
   *
   * @param hops whether the times of all hops of a token can be compared, by when it was due
   */
  record Streams(
      Recording recording,
      RelaySettings settings,
      Clock clock,
      Clock.Agreement agreement,
      LongPredicate hops,
      LongUnaryOperator steady) {}

  /** Leaves out the hops of tokens that were due before a clock was stepped back. */
  public synchronized void clockStepped(boolean begins, long atNs) {
    steps += begins ? 1 : -1;
    hopsFromNs = steps == 0 ? atNs : Long.MAX_VALUE;
  }

  /** Returns the publisher of tokens; only in a process that publishes. */
  TokenPublisher publisher() {
    return publisher.orElseThrow();
  }

  Recording measured() {
    return streams.get(Phase.MEASURE).recording();
  }

  int nextPlace() {
    return shard.at(places.getAndIncrement());
  }

  /** Returns a conversation of the warm-up, cut to three seconds. */
  Conversation warmUp() {
    int tokens = (int) Math.max(1, Math.min(plan.tokens(), WARM_UP_NS / plan.meanDelayNs()));
    var shape = new Conversation.Shape(tokens, plan.delay().toNanos(), 0, 0);
    return unmeasured("-warm-up-", shard.at(warmUps.getAndIncrement()), shape);
  }

  private Conversation unmeasured(String name, int number, Conversation.Shape shape) {
    String id = settings.names().prefix() + name + number;
    return new Conversation(id, Phase.WARM_UP, shape, seed(number));
  }

  Conversation conversation(String id, boolean resumed) {
    // Core delivery loses, by contract, what is published while its reader is away.
    boolean rests = resumed && settings.delivery() == Delivery.CORE;
    var shape =
        new Conversation.Shape(plan.tokens(), plan.delay().toNanos(), 0, rests ? leavesAfter() : 0);
    return new Conversation(id, Phase.MEASURE, shape, seed(id.hashCode()));
  }

  /** Returns true for a conversation whose reader leaves and resumes, spread evenly among all. */
  boolean isResumed(long number) {
    int percent = plan.tokens() > 1 ? settings.probes().resumers() : 0;
    return (number + 1) * percent / 100 > number * percent / 100;
  }

  RelayRecorder recorder(Conversation conversation, boolean resumed, long intendedNs) {
    return new RelayRecorder(
        streams.get(conversation.phase),
        Optional.of(conversation),
        conversation.id,
        resumed ? leavesAfter() : 0,
        intendedNs);
  }

  /** Returns the recorder of a conversation that another process publishes. */
  RelayRecorder recorder(String id, long intendedNs) {
    return new RelayRecorder(streams.get(Phase.MEASURE), Optional.empty(), id, 0, intendedNs);
  }

  /** Returns true while consumers join further conversations. */
  boolean joinsMore() {
    long sinceNs = firstTokenNs.get() == 0 ? 0 : clock.nanos() - firstTokenNs.get();
    // The producer ends by itself after its duration; a little more is for its last conversations.
    long untilNs = plan.duration().plus(plan.longestConversation()).toNanos();
    return run.goesOn() && sinceNs < untilNs;
  }

  @Override
  public List<Arrivals> schedules() {
    return List.of(arrivals);
  }

  @Override
  public Set<String> begins() {
    return settings.mode() == Mode.BOTH ? Set.of("stream connect") : Set.of();
  }

  @Override
  public Map<String, String> unchecked() {
    return unchecked(measured());
  }

  /** The lag of tokens of another producer, and what rests on it, if none stated its time. */
  static Map<String, String> unchecked(Recording measured) {
    long untimed = measured.counted("tokens_untimed");
    boolean open = untimed > 0 && measured.counted("tokens_received") == 0;
    String why = "No token stated when it was sent (-Dsse.sent).";
    return open ? Map.of(Kpi.DELIVERY_LAG.word(), why, Kpi.GOODPUT.word(), why) : Map.of();
  }

  @Override
  public Optional<Gauge> gauge() {
    return Optional.of(new Gauge("adapter", settings.probes().slowReaders()))
        .filter(unused -> settings.mode() == Mode.BOTH);
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    if (settings.mode().consumes()) {
      figures.putAll(measured().goodput());
      Kpi bound = Kpi.CLOCK_BOUND;
      agreement.boundNs().ifPresent(ns -> figures.put(bound.word(), Figure.of(bound, ns / 1e6)));
    }
    return figures;
  }

  private int leavesAfter() {
    return Math.max(1, plan.tokens() / 2);
  }

  private long seed(long number) {
    return settings.common().seed() * 1_000_003L + number;
  }
}

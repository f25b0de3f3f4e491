package simulations.relay;

import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Phase;
import kpi.Tally;
import simulations.relay.RelaySettings.Delivery;
import simulations.relay.RelaySettings.Plan;
import simulations.run.Arrivals;
import simulations.run.Run;

/** What the users of one run share. Thread-safe. */
public final class RelayLoad {
  /** With their padding, more than the system's buffers take for a reader that takes nothing. */
  private static final int SLOW_TOKENS = 1500;

  private static final long SLOW_DELAY_NS = 700_000;
  private static final int SLOW_PADDING = 4 << 10;

  private static final long WARM_UP_NS = 3_000_000_000L;

  private final RelaySettings settings;
  private final ConversationNames names;
  private final Run run;
  private final Clock clock;
  private final Optional<TokenPublisher> publisher;
  private final Arrivals arrivals;
  private final ClockAgreement agreement = new ClockAgreement();
  private final Map<Phase, StreamReader.Shared> shared = new EnumMap<>(Phase.class);
  private final AtomicInteger places = new AtomicInteger();
  private final AtomicInteger warmUps = new AtomicInteger();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicLong firstHeardNs = new AtomicLong();
  private final List<SlowReader> slowReaders = new ArrayList<>();

  /**
   * @param settings of the run
   * @param names with a prefix
   * @param run takes what is recorded
   * @param clock of this process
   * @param publisher if this process publishes
   * @param oneHost whether every hop is on this host
   */
  RelayLoad(
      RelaySettings settings,
      ConversationNames names,
      Run run,
      Clock clock,
      Optional<TokenPublisher> publisher,
      boolean oneHost) {
    this.settings = settings;
    this.names = names;
    this.run = run;
    this.clock = clock;
    this.publisher = publisher;
    Plan plan = settings.plan();
    this.arrivals =
        new Arrivals(
            run,
            "conversations",
            plan.conversations(),
            plan.rampup(),
            plan.hold(),
            clock.monotonic());
    boolean fromFirst = settings.delivery() == Delivery.DURABLE;
    StreamReader.Rules rules = new StreamReader.Rules(settings.verifyText(), oneHost, fromFirst);
    for (Phase phase : Phase.values()) {
      shared.put(
          phase,
          new StreamReader.Shared(
              run.recorders(), run.tally(phase), phase, clock, agreement, settings.slos(), rules));
    }
  }

  /** The settings of the run. */
  RelaySettings settings() {
    return settings;
  }

  /** The schedule by which users arrive. */
  Arrivals arrivals() {
    return arrivals;
  }

  /** The clocks of this process. */
  Clock clock() {
    return clock;
  }

  /** How well clocks agreed. */
  ClockAgreement agreement() {
    return agreement;
  }

  /** Publishes tokens; only of a process that does. */
  TokenPublisher publisher() {
    return publisher.orElseThrow();
  }

  /** What was counted in the measured phase. */
  Tally tally() {
    return run.tally(Phase.MEASURE);
  }

  /** True while nothing has gone wrong around the load. */
  boolean goesOn() {
    return run.trouble().isEmpty();
  }

  /** A user's place, from 0. */
  int nextPlace() {
    return places.getAndIncrement();
  }

  /** The id of a conversation; empty if the ids that were named are used up. */
  Optional<String> id(int place, int round) {
    return names.id(place, round);
  }

  /** A conversation of the warm-up, cut to three seconds. */
  Conversation warmUp() {
    Plan plan = settings.plan();
    int tokens = (int) Math.max(1, Math.min(plan.tokens(), WARM_UP_NS / plan.meanDelayNs()));
    int number = warmUps.getAndIncrement();
    return new Conversation(
        names.prefix().orElseThrow() + "-warm-up-" + number,
        Phase.WARM_UP,
        new Conversation.Shape(tokens, plan.delay().toNanos(), 0, 0),
        seed(number));
  }

  /** A conversation of the measured phase, which this process publishes. */
  Conversation conversation(String id, boolean resumed) {
    Plan plan = settings.plan();
    // What is said while nobody listens is lost in core delivery, by contract.
    boolean rests = resumed && settings.delivery() == Delivery.CORE;
    return new Conversation(
        id,
        Phase.MEASURE,
        new Conversation.Shape(plan.tokens(), plan.delay().toNanos(), 0, rests ? leavesAfter() : 0),
        seed(id.hashCode()));
  }

  /** True for a conversation whose reader leaves and resumes: spread evenly among all. */
  boolean nextIsResumed() {
    long before = begun.getAndIncrement();
    int percent = settings.plan().tokens() > 1 ? settings.groups().resumers() : 0;
    return (before + 1) * percent / 100 > before * percent / 100;
  }

  /** The token after which the reader of a resumed conversation leaves. */
  int leavesAfter() {
    return Math.max(1, settings.plan().tokens() / 2);
  }

  /** A reader of a conversation that this process publishes. */
  StreamReader reader(Conversation conversation, boolean resumed, long intendedNs) {
    return new StreamReader(
        shared.get(conversation.phase()),
        conversation.id(),
        Optional.of(conversation),
        resumed ? leavesAfter() : 0,
        intendedNs);
  }

  /** A reader of a conversation that another process publishes. */
  StreamReader reader(String id) {
    return new StreamReader(shared.get(Phase.MEASURE), id, Optional.empty(), 0, clock.nanos());
  }

  /** A token of another process's producer came. */
  void heard() {
    firstHeardNs.compareAndSet(0, clock.nanos());
  }

  /** True while consumers join further conversations. */
  boolean joinsMore() {
    long sinceNs = firstHeardNs.get() == 0 ? 0 : clock.nanos() - firstHeardNs.get();
    // The producer ends by itself after its duration; a little more is for its last conversations.
    long untilNs = settings.plan().duration().plus(settings.plan().longestConversation()).toNanos();
    return goesOn() && sinceNs < untilNs;
  }

  /** Starts the slow readers, each in a thread of its own; only the first call counts. */
  synchronized void beginSlowReaders(URI adapter) {
    if (!slowReaders.isEmpty()) {
      return;
    }
    for (int i = 0; i < settings.groups().slowReaders(); i++) {
      Conversation conversation =
          new Conversation(
              names.prefix().orElseThrow() + "-slow-" + i,
              Phase.WARM_UP, // Its latencies are cut like those of the warm-up.
              new Conversation.Shape(SLOW_TOKENS, SLOW_DELAY_NS, SLOW_PADDING, 0),
              seed(i));
      slowReaders.add(SlowReader.begin(adapter, conversation, publisher()));
    }
  }

  /** What became of the slow readers; waits for them within a bound. */
  synchronized List<SlowReader.Fate> slowReaders() {
    return slowReaders.stream().map(SlowReader::fate).toList();
  }

  private long seed(long number) {
    return settings.seed() * 1_000_003L + number;
  }
}

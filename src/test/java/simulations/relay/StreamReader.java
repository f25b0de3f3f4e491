package simulations.relay;

import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
import kpi.Distribution;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;

/**
 * Sees every event of one conversation, on the event loop of its user: times it, checks its place
 * and its text, and at the end says how the conversation went.
 *
 * <p>Not thread-safe: a user lives on one event loop.
 */
final class StreamReader {
  private static final int SEQUENCE_MAX = 1_000_000;

  private final Shared shared;
  private final String id;
  private final Optional<Conversation> conversation;
  private final int leavesAfter;
  private final long intendedNs;
  private final BitSet seen = new BitSet();
  private final Hops hops;
  private long sentNs;
  private long lastNs;
  private long lagMaxNs;
  private int first;
  private int highest;
  private int leftAt;
  private int tokens;
  private int duplicated;
  private int swapped;
  private int wrong;
  private int errors;
  private String error = "";
  private boolean done;
  private boolean left;
  private boolean started;
  private boolean producerEnded;

  /**
   * What all readers of a phase share.
   *
   * @param recorders take the latencies
   * @param tally takes the counts
   * @param phase what is recorded
   * @param clock of this process
   * @param agreement learns how well the clocks agree
   * @param slos what a good conversation meets
   * @param rules what is checked
   */
  record Shared(
      Recorders recorders,
      Tally tally,
      Phase phase,
      Clock clock,
      ClockAgreement agreement,
      RelaySlos slos,
      Rules rules) {
    Distribution of(Kpi kpi) {
      return recorders.of(phase, kpi);
    }
  }

  /**
   * What is checked.
   *
   * @param text whether each token's text is
   * @param hops whether every hop is on this host, so that its times can be compared
   * @param fromFirst whether a stream that is joined late still has every token
   */
  record Rules(boolean text, boolean hops, boolean fromFirst) {}

  /**
   * A stream that is about to be asked for.
   *
   * @param shared of its phase
   * @param id of the conversation
   * @param conversation as this process publishes it; empty if another one does
   * @param leavesAfter the token after which the reader leaves to resume; 0 if it stays. Who leaves
   *     enters no latency but that of the resumption
   * @param intendedNs when its user meant to start it
   */
  StreamReader(
      Shared shared,
      String id,
      Optional<Conversation> conversation,
      int leavesAfter,
      long intendedNs) {
    this.shared = shared;
    this.id = id;
    this.conversation = conversation;
    this.leavesAfter = leavesAfter;
    this.intendedNs = intendedNs;
    this.hops = new Hops(shared);
    this.sentNs = shared.clock().nanos();
    if (conversation.isPresent()) {
      start();
    }
  }

  /** The response headers are there. */
  void onConnected() {
    if (!left) {
      shared.of(Kpi.CONNECT).record(shared.clock().nanos() - sentNs);
    }
  }

  /** The stream that was left is asked for again. */
  void onResume() {
    sentNs = shared.clock().nanos();
    lastNs = 0;
  }

  /**
   * An event came.
   *
   * @param json as Gatling hands it to checks
   * @return true if nothing more is expected, or if it is time to leave
   */
  boolean onEvent(String json) {
    long nowNs = shared.clock().nanos();
    TokenEvent event = TokenEvent.of(json);
    switch (event.kind()) {
      case TOKEN -> onToken(event, nowNs);
      case ERROR -> onError(event);
      case OTHER -> {}
    }
    if (done) {
      return true;
    }
    if (leavesAfter > 0 && !left && highest >= leavesAfter) {
      left = true;
      leftAt = highest;
      return true;
    }
    return false;
  }

  /**
   * The stream is over.
   *
   * @param failure how Gatling says that it ended, or null if the last event came
   * @return what became of it
   */
  Outcome finish(Outcome failure) {
    if (!started) {
      return failure == null ? Outcome.OK : failure; // Nothing was ever said: nothing to judge.
    }
    int lost = lost();
    boolean sound = lost + duplicated + swapped + wrong + errors == 0 && done;
    Outcome outcome = failure != null && !done ? failure : sound ? Outcome.OK : Outcome.INVALID;
    Tally tally = shared.tally();
    tally.end(outcome, shared.clock().nanos());
    tally.add("tokens_lost", lost);
    tally.add("tokens_duplicated", duplicated);
    tally.add("tokens_swapped", swapped);
    tally.add("tokens_wrong", wrong);
    tally.add("tokens_distinct", seen.cardinality());
    tally.add("errors_told", errors);
    tally.add("streams_unterminated", done ? 0 : 1);
    if (outcome == Outcome.OK && lagMaxNs <= shared.slos().lagMaxNs()) {
      tally.add("streams_good", 1);
    }
    return outcome;
  }

  /** Nothing ever came, and the user gives up: that is what became of its stream. */
  void giveUp(Outcome failure) {
    start();
    shared.tally().end(failure, shared.clock().nanos());
  }

  /** The conversation's name. */
  String id() {
    return id;
  }

  /** The highest sequence that came, for {@code Last-Event-ID}. */
  int last() {
    return highest;
  }

  /** True if the reader has left and should resume. */
  boolean hasLeft() {
    return left && !done;
  }

  /** True if a token came, so that the conversation is judged. */
  boolean hasHeard() {
    return tokens > 0;
  }

  /** The conversation that this process publishes for it. */
  Optional<Conversation> conversation() {
    return conversation;
  }

  /** True if the producer said, by an empty conversation, that there will be no more. */
  boolean producerEnded() {
    return producerEnded;
  }

  /** Why it went wrong, as the service says; empty if it says nothing. */
  String error() {
    return error;
  }

  /** The longest delivery lag so far in ms. */
  double lagMaxMs() {
    return lagMaxNs / 1e6;
  }

  private void onToken(TokenEvent event, long nowNs) {
    if (conversation.isEmpty() && event.isDone() && event.sequence() == 1 && isEmpty(event)) {
      producerEnded = true;
      done = true;
      return;
    }
    start();
    int sequence = (int) Math.min(event.sequence(), SEQUENCE_MAX);
    place(sequence);
    done |= event.isDone();
    if (shared.rules().text() && !TokenText.of(id, sequence).equals(text(event))) {
      wrong++;
    }
    shared.tally().event();
    if (leavesAfter == 0) {
      time(event, sequence, nowNs);
    } else if (left && lastNs == 0) {
      shared.of(Kpi.RECONNECT).record(nowNs - sentNs);
      shared.tally().add("resumes", 1);
      shared.tally().add("resumes_inexact", sequence == leftAt + 1 ? 0 : 1);
    }
    lastNs = nowNs;
    tokens++;
  }

  private void place(int sequence) {
    if (first == 0) {
      first = sequence;
    }
    if (seen.get(sequence)) {
      duplicated++;
    } else if (sequence < highest) {
      swapped++;
    }
    seen.set(sequence);
    highest = Math.max(highest, sequence);
  }

  private void time(TokenEvent event, int sequence, long nowNs) {
    long lagNs = lagNs(event, sequence, nowNs);
    shared.tally().add("tokens_received", 1);
    shared.of(Kpi.DELIVERY_LAG).record(lagNs);
    lagMaxNs = Math.max(lagMaxNs, lagNs);
    if (tokens > 0) {
      shared.of(Kpi.GAP).record(nowNs - lastNs);
    } else if (conversation.isPresent()) {
      shared.of(Kpi.TTFT).record(nowNs - intendedNs);
    }
    hops.record(event);
  }

  private long lagNs(TokenEvent event, int sequence, long nowNs) {
    if (conversation.isPresent()) {
      long lagNs = nowNs - conversation.get().intendedNs(sequence);
      shared.agreement().on(lagNs, OptionalLong.of(0));
      return lagNs;
    }
    TokenEvent.Plan plan =
        event.plan().orElse(new TokenEvent.Plan(event.publishedNs(), 0, "", 0, -1));
    long lagNs = shared.clock().sinceNs(plan).getAsLong();
    shared.agreement().on(lagNs, shared.clock().boundNs(plan));
    return lagNs;
  }

  private void onError(TokenEvent event) {
    // Nobody spoke in time: of a conversation that another process publishes, that is no error.
    if (started) {
      errors++;
    }
    error = event.error();
    done |= event.isDone();
  }

  /** Tokens that were published and never came. */
  private int lost() {
    if (conversation.isPresent()) {
      Conversation own = conversation.get();
      // A token may be here before Redis has told the producer that it took it.
      int published = Math.max(own.published(), highest - own.givenUp());
      return Math.max(0, published - seen.cardinality());
    }
    int from = shared.rules().fromFirst() ? 1 : first;
    return tokens == 0 ? 0 : highest - from + 1 - seen.cardinality();
  }

  private void start() {
    if (!started) {
      started = true;
      // While its producer has not begun, a stream that was joined is not under way.
      shared.tally().start(conversation.isPresent() ? sentNs : shared.clock().nanos());
    }
  }

  private static boolean isEmpty(TokenEvent event) {
    return event.text() == null || event.text().isEmpty();
  }

  private static String text(TokenEvent event) {
    return event.text() == null ? "" : event.text().strip();
  }
}

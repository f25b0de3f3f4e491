package simulations.relay;

import java.util.BitSet;
import java.util.Optional;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Tally;
import kpi.Within;
import simulations.relay.RelayLoad.Streams;
import simulations.relay.RelaySettings.Delivery;
import simulations.run.Clock;
import simulations.run.Pace;
import simulations.run.Recording;

/**
 * Sees every event of one conversation, on the event loop of its user: times it, checks its place
 * and its text, and records the outcome at the end. Not thread-safe.
 */
final class RelayRecorder {
  private static final int SEQUENCE_MAX = 1_000_000;
  private static final int SETTLED = 100_000;

  final String id;

  /** Empty if another process publishes it. */
  final Optional<Conversation> conversation;

  private final Streams streams;
  private final Recording recording;
  private final Tally tally;
  private final int leavesAfter;
  private final long intendedNs;

  /** When a reader of a feed leaves; never one of a conversation. */
  private final long untilNs;

  private final BitSet seen = new BitSet();
  private final Pace pace;
  private long sentNs;
  private long connectNs;
  private long lastNs;

  /** Highest number before the first token of a stream that was joined. */
  private long before;

  /** Time of day of the latest event. */
  private long unixNs;

  private long lagMaxNs;
  private int lostBefore;
  private int distinctBefore;
  private int leftAt;
  private int wrong;
  private boolean done;
  private boolean left;
  private boolean started;

  int tokens;

  /** The last token in order, from 1. */
  int highest;

  /** The reason that the service gave for a failure; empty if it gave none. */
  String error = "";

  /** Whether the producer marked its end by an empty conversation. */
  boolean producerEnded;

  /**
   * A stream that is about to be requested.
   *
   * @param leavesAfter the token after which the reader leaves to resume; 0 if it stays. A reader
   *     that leaves enters no latency but that of the resumption
   */
  RelayRecorder(
      Streams streams, Optional<Conversation> own, String id, int leavesAfter, long intendedNs) {
    boolean isFeed = streams.settings().isFeed();
    this.untilNs =
        isFeed ? intendedNs + streams.settings().plan().duration().toNanos() : Long.MAX_VALUE;
    this.streams = streams;
    this.pace = new Pace(streams.steady());
    this.recording = streams.recording();
    this.tally = recording.tally();
    this.id = id;
    this.conversation = own;
    this.leavesAfter = leavesAfter;
    this.intendedNs = intendedNs;
    this.sentNs = streams.clock().nanos();
    if (own.isPresent() || isFeed) {
      start();
    }
  }

  void onConnected() {
    if (!left) {
      connectNs = streams.clock().nanos() - sentNs;
      recording.of(Kpi.CONNECT).record(connectNs);
    }
  }

  boolean wasConnected() {
    return connectNs > 0;
  }

  void onResume() {
    sentNs = streams.clock().nanos();
    lastNs = 0;
  }

  /** Records an event; returns true if nothing more is expected, or if it is time to leave. */
  boolean onEvent(String name, long id, byte[] data, int length) {
    // In this order, so that no stall between the two makes the first hop begin after its due time.
    unixNs = streams.clock().unixNs();
    long nowNs = streams.clock().nanos();
    TokenEvent event = TokenEvent.of(name, id, data, length, streams.settings().events());
    if (isFeed()) {
      onFeed(event, nowNs);
    } else if (event.isToken()) {
      onToken(event, nowNs);
    } else if (event.isError()) {
      onError(event);
    } else if (event.isUnread()) {
      tally.add("events_unread", 1);
    }
    if (!done && leavesAfter > 0 && !left && highest >= leavesAfter) {
      left = true;
      leftAt = highest;
      return true;
    }
    return done;
  }

  /** A feed has events of any name, with numbers or without, and no last one. */
  private void onFeed(TokenEvent event, long nowNs) {
    boolean isNumbered = streams.settings().events().seq().isThere();
    if (isNumbered && event.sequence() <= 0) {
      tally.add("events_unread", 1);
    } else {
      onToken(isNumbered ? event : event.numbered(before + highest + 1), nowNs);
    }
    pace.on(nowNs);
    done = isOver();
  }

  private boolean isFeed() {
    return untilNs < Long.MAX_VALUE;
  }

  /** Returns true if a reader of a feed has read as long as it should. */
  boolean isOver() {
    return streams.clock().nanos() >= untilNs;
  }

  /** Records the end: by a failure of Gatling's, or null if the last event came. */
  Outcome finish(Outcome failure) {
    if (!started) {
      return failure == null ? Outcome.OK : failure; // No token was ever published: no outcome.
    }
    // A feed may end an answer at any time, as long as it ends it.
    if (isFeed() && (failure == null || failure == Outcome.TIMEOUT)) {
      long endNs = Math.min(streams.clock().nanos(), untilNs);
      done = !pace.hasStopped(endNs, counter -> tally.add(counter, 1));
    }
    done |= isFeed() && failure == Outcome.CLOSED_EARLY;
    if (!done) {
      // A conversation whose reader never connected was not published.
      long sinceNs =
          wasConnected()
              ? conversation.map(own -> own.dueNs(highest + 1)).orElse(lastNs)
              : intendedNs;
      recording.of(Kpi.DELIVERY_LAG).silent(streams.clock().nanos() - sinceNs);
    }
    int lost = lost();
    boolean sound = lost + wrong == 0 && done;
    Outcome outcome = failure != null && !done ? failure : sound ? Outcome.OK : Outcome.INVALID;
    tally.end(outcome, streams.clock().nanos());
    tally.add("tokens_lost", lost);
    tally.add("tokens_distinct", distinctBefore + seen.cardinality());
    tally.add("streams_unterminated", done ? 0 : 1);
    long lagSloNs = streams.settings().common().slos().maxNs(Kpi.DELIVERY_LAG);
    if (outcome == Outcome.OK) {
      recording.judge(lagMaxNs - lagSloNs, sentNs);
    }
    return outcome;
  }

  /** Records the end of a stream on which no token ever came. */
  void giveUp(Outcome outcome) {
    start();
    tally.end(outcome, streams.clock().nanos());
  }

  /** Returns true if the reader has left and should resume. */
  boolean hasLeft() {
    return left && !done;
  }

  double lagMaxMs() {
    return lagMaxNs / 1e6;
  }

  private void onToken(TokenEvent token, long nowNs) {
    if (!isFeed() && conversation.isEmpty() && token.isEndOfProducer()) {
      producerEnded = true;
      done = true;
      return;
    }
    start();
    boolean isCore = streams.settings().delivery() == Delivery.CORE;
    if (tokens == 0 && conversation.isEmpty() && isCore) {
      before = token.sequence() - 1; // A stream that is joined begins with any number.
    }
    int sequence = (int) Math.min(token.sequence() - before, SEQUENCE_MAX);
    place(sequence);
    done |= token.done();
    if (isFeed() && highest >= SETTLED) {
      settle();
    }
    if (streams.settings().verifyText()
        && !Conversation.text(id, token.sequence()).equals(token.text())) {
      count("tokens_wrong");
    }
    tally.event();
    if (leavesAfter == 0) {
      time(token, sequence, nowNs);
    } else if (left && lastNs == 0) {
      recording.of(Kpi.RECONNECT).record(nowNs - sentNs);
      tally.add("resumes", 1);
      tally.add("resumes_inexact", sequence == leftAt + 1 ? 0 : 1);
    }
    lastNs = nowNs;
    tokens++;
  }

  private void place(int sequence) {
    if (sequence <= 0) {
      count("tokens_swapped");
      return;
    }
    if (seen.get(sequence)) {
      count("tokens_duplicated");
    } else if (sequence < highest) {
      count("tokens_swapped");
    }
    seen.set(sequence);
    highest = Math.max(highest, sequence);
  }

  /** Forgets numbers of a feed without an end; what is missing of them is lost. */
  private void settle() {
    lostBefore += highest - seen.cardinality();
    distinctBefore += seen.cardinality();
    before += highest;
    highest = 0;
    seen.clear();
  }

  private void count(String counter) {
    wrong++;
    tally.add(counter, 1);
  }

  private void time(TokenEvent token, int sequence, long nowNs) {
    boolean isTimed = conversation.isPresent() || token.plan().unixNs() > 0;
    tally.add(isTimed ? "tokens_received" : "tokens_untimed", 1);
    long lagNs = isTimed ? lagNs(token, sequence, nowNs) : 0;
    if (isTimed) {
      recording.of(Kpi.DELIVERY_LAG).record(lagNs, boundNs(token));
    }
    lagMaxNs = Math.max(lagMaxNs, lagNs);
    if (tokens > 0) {
      recording.of(Kpi.GAP).record(nowNs - lastNs);
    } else if (conversation.isPresent()) {
      recording.of(Kpi.TTFT).record(nowNs - intendedNs);
      recording.compare(Within.CONNECT, connectNs, nowNs - intendedNs);
    } else if (!isTimed) {
      recording.of(Kpi.TTFT).record(nowNs - sentNs);
    }
    if (streams.hops().test(nowNs - lagNs) && token.publishedNs() != 0) {
      token.recordHops(recording, unixNs, unixNs - lagNs);
    }
  }

  private long lagNs(TokenEvent token, int sequence, long nowNs) {
    Clock clock = streams.clock();
    boolean own = conversation.isPresent();
    long lagNs = own ? nowNs - conversation.get().dueNs(sequence) : clock.sinceNs(token.plan());
    streams.agreement().on(lagNs, boundNs(token));
    return lagNs;
  }

  private long boundNs(TokenEvent token) {
    return conversation.isPresent() ? 0 : streams.clock().boundNs(token.plan());
  }

  private void onError(TokenEvent event) {
    // No token in time is no error of a conversation that another process publishes.
    if (started) {
      count("errors_told");
    }
    error = event.error() == null ? "" : event.error();
    done |= event.done();
  }

  private int lost() {
    if (conversation.isPresent()) {
      Conversation own = conversation.get();
      // A token may arrive before Redis has acknowledged it to the producer.
      int published = Math.max(own.published(), highest - own.refused.get());
      return Math.max(0, published - seen.cardinality());
    }
    // A stream that is joined late still has every token in durable delivery.
    return tokens == 0 ? 0 : lostBefore + highest - seen.cardinality();
  }

  private void start() {
    if (!started) {
      started = true;
      // While its producer has not begun, a stream that was joined is not under way.
      tally.start(conversation.isPresent() ? sentNs : streams.clock().nanos());
    }
  }
}

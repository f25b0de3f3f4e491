package simulations.ticker;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import kpi.Kpi;
import kpi.Outcome;
import simulations.run.SequenceOrder;
import simulations.run.WsEnd;

/**
 * Sees every frame of one socket, on the event loop of its user: times pongs and broadcasts, checks
 * that none is missing, and at the end says how the socket fared.
 *
 * <p>Not thread-safe: a user lives on one event loop.
 */
final class SocketRecorder {
  private static final long NS_PER_S = 1_000_000_000L;
  private static final double NS_PER_MS = 1e6;
  private static final int MONOTONIC_EVERY = 5;

  /** A server's latency is of whole milliseconds of another clock of the same host. */
  private static final double LATENCY_SLACK_MS = 5;

  private final Shared shared;
  private final Map<String, Place> feeds = new HashMap<>();
  private final Map<String, Ping> waiting = new HashMap<>();
  private final long intendedNs;
  private final long sentNs;
  private long pings;
  private long pongs;
  private long broadcasts;
  private long strayPongs;
  private long conflated;
  private long falseLatencies;
  private long rttMaxNs;
  private long lagMaxNs;
  private boolean connected;
  private int closedBy = WsEnd.NO_FRAME;

  /** When a ping was meant to be sent, and when it was. */
  private record Ping(long intendedNs, long sentNs) {}

  /** Where a socket is in one feed. */
  private static final class Place {
    private final SequenceOrder order = new SequenceOrder();
    private long epoch;
    private long skipped;
  }

  /**
   * What all sockets of a phase share.
   *
   * @param books what they are written down in
   * @param slos what a good socket meets
   * @param nanoClock monotonic nanoseconds
   * @param wall the clock that publishers stamp by
   */
  record Shared(List<Book> books, TickerSlos slos, LongSupplier nanoClock, InstantSource wall) {
    void record(Kpi kpi, long ns) {
      books.forEach(book -> book.record(kpi, ns));
    }

    void count(String counter, long amount) {
      books.forEach(book -> book.tally().add(counter, amount));
    }

    void start(long nowNs) {
      books.forEach(book -> book.tally().start(nowNs));
    }

    void end(Outcome outcome, long nowNs) {
      books.forEach(book -> book.tally().end(outcome, nowNs));
    }

    void event() {
      books.forEach(book -> book.tally().event());
    }

    long unixNs() {
      var now = wall.instant();
      return now.getEpochSecond() * NS_PER_S + now.getNano();
    }
  }

  /**
   * A socket that is about to be asked for.
   *
   * @param shared of its phase
   * @param intendedNs when its user meant to
   */
  SocketRecorder(Shared shared, long intendedNs) {
    this.shared = shared;
    this.intendedNs = intendedNs;
    this.sentNs = shared.nanoClock().getAsLong();
    shared.start(sentNs);
  }

  /** The handshake is done. */
  void onConnected() {
    connected = true;
    shared.record(Kpi.CONNECT, shared.nanoClock().getAsLong() - intendedNs);
    shared.count("sockets_connected", 1);
  }

  /**
   * A ping is about to be sent.
   *
   * @param dueNs when it was meant to be
   * @return its timestamp, by which its pong is known: milliseconds since 1970, or, now and then,
   *     of a monotonic clock such as a browser's performance.now(), of which no server can make a
   *     latency
   */
  String ping(long dueNs) {
    // In this order, so that no stall between the two makes the server's latency look too long.
    long sentAtNs = shared.nanoClock().getAsLong();
    long stampNs = pings % MONOTONIC_EVERY == 1 ? sentAtNs : shared.unixNs();
    String timestamp = String.format("%d.%06d", stampNs / 1_000_000, stampNs % 1_000_000);
    waiting.put(timestamp, new Ping(dueNs, sentAtNs));
    pings++;
    return timestamp;
  }

  /** A frame came. */
  SocketRecorder onFrame(String text) {
    long nowNs = shared.nanoClock().getAsLong();
    shared.event();
    Frame frame = Frame.of(text);
    if (frame.type().equals("pong")) {
      onPong(frame, nowNs);
    } else if (frame.isBroadcast()) {
      onBroadcast(frame);
    } else {
      frame.skipped().forEach((feed, count) -> place(feed).skipped += count);
    }
    return this;
  }

  /** True if every ping has its pong. */
  boolean isAnswered() {
    return waiting.isEmpty();
  }

  /** Never: whoever waits for it sees every frame until the time is up. */
  boolean isOver() {
    return false;
  }

  /** True if the handshake was done. */
  boolean isConnected() {
    return connected;
  }

  /** The other side closes it by this code. */
  void onClosed(int code) {
    closedBy = code;
  }

  /** The code by which the other side closed it; 1006 if it did not say. */
  int closedBy() {
    return closedBy;
  }

  /**
   * The socket is closed.
   *
   * @param end how it ended too early, or null if its user closed it
   * @return what became of it
   */
  Outcome finish(WsEnd.Lost end) {
    Outcome failure = end == null ? null : end.outcome();
    if (end != null) {
      shared.count(end.by().counter(), 1);
    }
    long unanswered = pings - pongs;
    long lost = sum(SequenceOrder::lost);
    long duplicated = sum(SequenceOrder::duplicated) + strayPongs;
    long swapped = sum(SequenceOrder::late);
    boolean sound = lost + duplicated + swapped + unanswered == 0;
    Outcome outcome = failure != null ? failure : sound ? Outcome.OK : Outcome.INVALID;
    shared.end(outcome, shared.nanoClock().getAsLong());
    shared.count("pings_sent", pings);
    shared.count("pongs_received", pongs);
    // A socket that was cut cannot be blamed for a pong that did not get through.
    shared.count("pings_unanswered", failure == null ? unanswered : 0);
    shared.count("broadcasts_received", broadcasts);
    shared.count("broadcasts_lost", lost);
    shared.count("broadcasts_duplicated", duplicated);
    shared.count("broadcasts_swapped", swapped);
    shared.count("broadcasts_conflated", conflated);
    shared.count("latencies_false", falseLatencies);
    shared.count("sockets_survived", failure == null ? 1 : 0);
    TickerSlos slos = shared.slos();
    if (outcome == Outcome.OK && rttMaxNs <= slos.rttMaxNs() && lagMaxNs <= slos.lagMaxNs()) {
      shared.count("streams_good", 1);
    }
    return outcome;
  }

  /** The longest round trip so far in ms. */
  double rttMaxMs() {
    return rttMaxNs / NS_PER_MS;
  }

  private void onPong(Frame frame, long nowNs) {
    Ping ping = waiting.remove(frame.echo());
    if (ping == null) {
      strayPongs++;
      return;
    }
    pongs++;
    long rttNs = nowNs - ping.intendedNs();
    shared.record(Kpi.RTT, rttNs);
    shared.record(Kpi.RTT_SENT, nowNs - ping.sentNs());
    rttMaxNs = Math.max(rttMaxNs, rttNs);
    double sentMs = (nowNs - ping.sentNs()) / NS_PER_MS;
    double told = frame.latencyMs();
    if (told < -LATENCY_SLACK_MS || told > sentMs + LATENCY_SLACK_MS) {
      falseLatencies++;
    }
  }

  private void onBroadcast(Frame frame) {
    broadcasts++;
    long lagNs = shared.unixNs() - frame.publishedNs();
    shared.record(Kpi.DELIVERY_LAG, lagNs);
    lagMaxNs = Math.max(lagMaxNs, lagNs);
    Place place = place(frame.feed());
    if (place.epoch != frame.epoch()) {
      place.epoch = frame.epoch();
      place.order.begin(frame.seq() - 1);
      place.skipped = 0;
    }
    long told = place.order.take(frame.seq(), place.skipped);
    conflated += told;
    place.skipped -= told;
  }

  private long sum(ToLongFunction<SequenceOrder> of) {
    return feeds.values().stream().mapToLong(place -> of.applyAsLong(place.order)).sum();
  }

  private Place place(String feed) {
    return feeds.computeIfAbsent(feed, unused -> new Place());
  }
}

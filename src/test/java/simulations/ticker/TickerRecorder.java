package simulations.ticker;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Tally;
import kpi.Within;
import simulations.run.Pace;
import simulations.run.Recording;
import simulations.run.Seat;
import simulations.run.WsEnd;
import simulations.ticker.FeedEnds.Counted;
import simulations.ticker.FeedEnds.Position;
import simulations.ticker.Messages.Frame;
import simulations.ticker.TickerLoad.Sockets;

/**
 * Sees every frame of one socket, on the event loop of its user: times pongs and broadcasts, checks
 * that none is missing, and decides at the end how the socket fared.
 *
 * <p>Not thread-safe: a user lives on one event loop.
 */
final class TickerRecorder {
  private static final double NS_PER_MS = 1e6;
  private static final int MONOTONIC_EVERY = 5;

  /** A server states whole milliseconds, of another clock of the same host. */
  private static final double LATENCY_SLACK_MS = 5;

  private final Sockets sockets;
  private final Map<String, Place> feeds = new HashMap<>();
  private Pace pace = new Pace(LongUnaryOperator.identity());
  private final Map<Double, Ping> waiting = new LinkedHashMap<>();
  private final long requestedNs;
  private final long rttSloNs;
  private final long lagSloNs;
  private final Map<String, Position> ends = new HashMap<>();
  private long connectedNs;

  /** The publisher's first count after the socket connected; null until then. */
  private Map<String, Position> begin;

  private long pings;
  private long pongs;
  private long broadcasts;
  private long timed;
  private long strayPongs;
  private long conflated;
  private long statedLatencies;
  private long falseLatencies;
  private Wait worst = new Wait(0, 0, 0);
  private long firstNs;
  private long lastNs;
  private String otherFrame = "";
  private boolean faulty;
  long rttMaxNs;
  boolean connected;

  /** The code by which the other side closed it; 1006 if it sent none. */
  int closedBy = WsEnd.NO_FRAME;

  /** The planned and the real time of a ping. */
  private record Ping(long intendedNs, long sentNs) {}

  /** A wait, and how far it was beyond its SLO. */
  private record Wait(long beyondNs, long fromNs, long toNs) {}

  /**
   * The position of a socket in one feed, whose broadcasts come once and in order. One that comes
   * after a later one counts as late, and, because it was missing by then, as lost too.
   */
  private static final class Place {
    private final AtomicReference<Position> end;
    private boolean begun;
    private long epoch;
    private long last;
    private long skipped;
    private long lost;
    private long duplicated;
    private long late;

    Place(AtomicReference<Position> end) {
      this.end = end;
    }

    /** Returns the last broadcast that the socket received, or that was announced as left out. */
    Position reached() {
      return new Position(epoch, last + skipped);
    }

    /** Takes a broadcast; returns the number of those before it that were left out as announced. */
    long take(long number, long of) {
      if (!begun || epoch != of) { // What came before a socket was opened is not for it.
        begun = true;
        epoch = of;
        last = number - 1;
        skipped = 0;
      }
      long ahead = number - last - 1;
      long left = 0;
      if (ahead == -1) {
        duplicated++;
      } else if (ahead < 0) {
        late++;
      } else {
        left = Math.min(ahead, skipped);
        lost += ahead - left;
      }
      if (number > last) {
        last = number;
        FeedEnds.raise(end, new Position(epoch, last));
      }
      skipped -= left;
      return left;
    }
  }

  TickerRecorder(Sockets sockets) {
    this.sockets = sockets;
    this.requestedNs = sockets.nowNs();
    this.rttSloNs = sockets.slos().maxNs(Kpi.RTT);
    this.lagSloNs = sockets.slos().maxNs(Kpi.DELIVERY_LAG);
    sockets.tally(tally -> tally.start(requestedNs));
  }

  void onConnected() {
    connected = true;
    connectedNs = sockets.nowNs();
    sockets.record(Kpi.CONNECT, connectedNs - requestedNs);
    count("sockets_connected", 1);
  }

  /** Begins the feed, after the frames that a socket begins with and their answers. */
  void onBegun() {
    pace = new Pace(sockets.steady());
  }

  /** Notes that an answer of those frames, which the user named, did not come. */
  void onUnanswered() {
    faulty = true;
    count("hellos_unanswered", 1);
  }

  /**
   * Records a ping that is about to be sent, and returns its text. Its stamp is milliseconds since
   * 1970, or, now and then, of a monotonic clock such as a browser's performance.now(), from which
   * no server can compute a latency.
   */
  String ping(long dueNs) {
    // In this order, so that no stall between the two makes the server's latency look too long.
    long sentAtNs = sockets.nowNs();
    long stampNs = pings % MONOTONIC_EVERY == 1 ? sentAtNs : sockets.clock().unixNs();
    Messages.Ping ping = sockets.messages().ping(pings + 1, stampNs);
    waiting.put(ping.stamp(), new Ping(dueNs, sentAtNs));
    Counted counted = sockets.ends().counted;
    if (begin == null && counted.requestedNs() > connectedNs) {
      begin = counted.feeds();
    }
    pings++;
    return ping.text();
  }

  void onFrame(String text) {
    long nowNs = sockets.nowNs();
    sockets.tally(Tally::event);
    Frame frame = sockets.messages().read(text);
    if (frame.answers().isPresent()) {
      onPong(frame, text, nowNs);
      return;
    }
    if (sockets.messages().answer(text).isEmpty()) {
      pace.on(nowNs);
    }
    if (frame.seq().isPresent()) {
      onBroadcast(frame, nowNs);
    } else {
      otherFrame = text;
      frame.skipped().forEach((feed, count) -> place(feed).skipped += count);
    }
  }

  /**
   * Fixes the end of each feed, up to which the socket receives before it leaves. A feed of which
   * it received nothing ends for it where its publisher is, if that published since it connected.
   * Of a publisher without a count the pace tells whether it stopped.
   */
  void onLeave() {
    if (!sockets.ends().isCounted()) {
      faulty |= pace.hasStopped(sockets.nowNs(), counter -> count(counter, 1));
    }
    if (begin != null) {
      ends.putAll(sockets.ends().counted.feeds());
    }
    feeds.forEach((feed, place) -> ends.put(feed, place.end.get()));
  }

  /** Returns true if every ping has its pong, and every feed was received to its end. */
  boolean isComplete() {
    return waiting.isEmpty() && ends.keySet().stream().noneMatch(this::isStopped);
  }

  private boolean isStopped(String feed) {
    return missing(feed) > 0 && !sockets.ends().isExcused(feed, ends.get(feed));
  }

  /** Returns the number of broadcasts between the last one received and the end of a feed. */
  private long missing(String feed) {
    Place place = feeds.get(feed);
    Position end = ends.get(feed);
    return end.minus(
        place == null ? begin.getOrDefault(feed, new Position(end.epoch(), 0)) : place.reached());
  }

  /** Returns the socket, which ends now, as one of several of its user. */
  Seat.Connection connection(boolean lost) {
    long madeNs = connected ? connectedNs : Seat.NEVER;
    return new Seat.Connection(requestedNs, madeNs, sockets.nowNs(), lost);
  }

  /** Ends the socket, by what ended it too early, or null if its user closes it. */
  Outcome finish(WsEnd.Lost end) {
    if (end != null) {
      count(end.by().counter(), 1);
    }
    long unanswered = pings - pongs;
    // A socket that was cut cannot be blamed for what did not get through.
    Set<String> judged = end != null ? Set.of() : ends.keySet();
    long lost = sum(place -> place.lost) + judged.stream().mapToLong(this::missing).sum();
    long duplicated = sum(place -> place.duplicated);
    long swapped = sum(place -> place.late);
    boolean sound = !faulty && lost + duplicated + swapped + unanswered + strayPongs == 0;
    Outcome outcome = end != null ? end.outcome() : sound ? Outcome.OK : Outcome.INVALID;
    long nowNs = sockets.nowNs();
    sockets.tally(tally -> tally.end(outcome, nowNs));
    count("pings_sent", pings);
    count("pongs_received", pongs);
    count("pings_unanswered", end == null ? unanswered : 0);
    count("pongs_stray", strayPongs);
    if (end == null && (strayPongs > 0 || (pongs == 0 && unanswered > 0))) {
      String line = otherFrame.replaceAll("\\p{Cntrl}+", " "); // No report could hold a NUL.
      sockets.otherFrame().compareAndSet("", line);
    }
    count("broadcasts_received", timed);
    count("broadcasts_untimed", broadcasts - timed);
    count("broadcasts_lost", lost);
    count("feeds_stopped", judged.stream().filter(this::isStopped).count());
    count("broadcasts_duplicated", duplicated);
    count("broadcasts_swapped", swapped);
    count("broadcasts_conflated", conflated);
    count("latencies_stated", statedLatencies);
    count("latencies_false", falseLatencies);
    count("sockets_survived", end == null ? 1 : 0);
    silences(nowNs);
    if (outcome == Outcome.OK) {
      sockets.judge(worst.beyondNs, worst.fromNs, worst.toNs);
    }
    return outcome;
  }

  /** Notes the pongs that never came, and a feed that ended before its socket did. */
  private void silences(long nowNs) {
    Recording run = sockets.recordings().get(0);
    waiting.values().forEach(ping -> run.of(Kpi.RTT).silent(nowNs - ping.intendedNs()));
    if (broadcasts > 1) {
      run.of(Kpi.DELIVERY_LAG).silent(nowNs - lastNs - (lastNs - firstNs) / (broadcasts - 1));
    }
  }

  private void onPong(Frame frame, String text, long nowNs) {
    Ping ping = waiting.remove(answered(frame.answers().getAsDouble()));
    if (ping == null) {
      strayPongs++;
      otherFrame = text;
      return;
    }
    pongs++;
    long rttNs = nowNs - ping.intendedNs();
    sockets.record(Kpi.RTT, rttNs);
    long sentNs = nowNs - ping.sentNs();
    sockets.record(Kpi.RTT_SENT, sentNs);
    sockets.recordings().get(0).compare(Within.RTT_SENT, sentNs, rttNs);
    rttMaxNs = Math.max(rttMaxNs, rttNs);
    waited(rttNs, rttSloNs, nowNs);
    statedLatencies += frame.latencyMs().isPresent() ? 1 : 0;
    double stated = frame.latencyMs().orElse(0);
    if (stated < -LATENCY_SLACK_MS || stated > sentNs / NS_PER_MS + LATENCY_SLACK_MS) {
      falseLatencies++;
    }
  }

  /** Returns the stamp of the ping for a pong; many languages keep only whole milliseconds. */
  private double answered(double stamp) {
    if (waiting.containsKey(stamp)) {
      return stamp;
    }
    boolean isWhole = stamp == Math.rint(stamp);
    return waiting.keySet().stream()
        .filter(sent -> Double.isNaN(stamp) || (isWhole && Math.abs(sent - stamp) < 1))
        .findFirst()
        .orElse(stamp);
  }

  private void onBroadcast(Frame frame, long nowNs) {
    firstNs = broadcasts == 0 ? nowNs : firstNs;
    lastNs = nowNs;
    broadcasts++;
    if (frame.sentNs().isPresent()) {
      long lagNs = sockets.clock().unixNs() - frame.sentNs().getAsLong();
      sockets.record(Kpi.DELIVERY_LAG, lagNs);
      sockets.agreement().on(lagNs, -1);
      waited(lagNs, lagSloNs, nowNs);
      timed++;
    }
    conflated += place(frame.feed()).take(frame.seq().getAsLong(), frame.epoch());
  }

  /** Keeps the wait that was furthest beyond its SLO: it decides whether the socket was good. */
  private void waited(long ns, long sloNs, long nowNs) {
    if (ns - sloNs > worst.beyondNs) {
      worst = new Wait(ns - sloNs, nowNs - ns, nowNs);
    }
  }

  private void count(String counter, long amount) {
    sockets.tally(tally -> tally.add(counter, amount));
  }

  private long sum(ToLongFunction<Place> of) {
    return feeds.values().stream().mapToLong(of).sum();
  }

  private Place place(String feed) {
    return feeds.computeIfAbsent(feed, unused -> new Place(end(feed)));
  }

  /** Only if all connections count alike, another one's position is this one's end. */
  private AtomicReference<Position> end(String feed) {
    return sockets.messages().sharesFeeds()
        ? sockets.ends().of(feed)
        : new AtomicReference<>(new Position(0, 0));
  }
}

package simulations.ticker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import kpi.MetricsSource;

/**
 * The highest known position of each feed: by the publisher's own count, which is read once a
 * second, and by what any socket received. A socket about to leave must have come so far.
 * Thread-safe.
 */
final class FeedEnds {
  private final ConcurrentMap<String, AtomicReference<Position>> known = new ConcurrentHashMap<>();
  private volatile long excusedUntilNs = Long.MIN_VALUE;
  private volatile Map<String, Position> excused = Map.of();

  /** The latest count of the publisher; without feeds if there is none. */
  volatile Counted counted = new Counted(Long.MIN_VALUE, Map.of());

  /** The place of a broadcast in its feed; sequences begin at 1 in every epoch. */
  record Position(long epoch, long seq) {
    /** Returns the number of broadcasts from another position up to this one; 0 if it is ahead. */
    long minus(Position other) {
      long from = other.epoch == epoch ? other.seq : other.epoch < epoch ? 0 : seq;
      return Math.max(0, seq - from);
    }
  }

  /** The publisher's count of every feed, requested at a time in monotonic nanoseconds. */
  record Counted(long requestedNs, Map<String, Position> feeds) {}

  /** Returns a source of the publisher's figures, whose readings are taken here too. */
  MetricsSource observing(MetricsSource publisher, LongSupplier nanoClock) {
    return new MetricsSource(
        publisher.process(),
        () -> {
          long requestedNs = nanoClock.getAsLong();
          return publisher
              .read()
              .whenComplete((metrics, failure) -> onPublished(metrics, requestedNs));
        });
  }

  /** Takes the publisher's metrics, if they could be read. */
  void onPublished(JsonNode metrics, long requestedNs) {
    if (metrics.path("feeds").isObject()) {
      long epoch = metrics.path("epoch").asLong();
      Map<String, Position> feeds = new HashMap<>();
      metrics
          .path("feeds")
          .properties()
          .forEach(feed -> feeds.put(feed.getKey(), new Position(epoch, feed.getValue().asLong())));
      feeds.forEach((feed, end) -> raise(of(feed), end));
      if (counted.requestedNs < excusedUntilNs) {
        excused = feeds;
      }
      counted = new Counted(requestedNs, feeds);
    }
  }

  /**
   * Excuses the loss of what is published up to the first count after a moment: a feed that ends
   * there was not stopped.
   */
  void excuseUntil(long atNs) {
    excusedUntilNs = atNs;
  }

  boolean isExcused(String feed, Position end) {
    return end.minus(excused.getOrDefault(feed, new Position(0, 0))) == 0;
  }

  /** Returns true once the publisher has counted, as only the bundled one does. */
  boolean isCounted() {
    return counted.requestedNs > Long.MIN_VALUE;
  }

  /** Returns the evidence of the ends in words: only the bundled publisher has a count. */
  String words() {
    return isCounted()
        ? "the publisher's own count of each feed"
        : "the highest position of each feed that any socket received";
  }

  /** Returns the end of a feed, which is raised as broadcasts are received. */
  AtomicReference<Position> of(String feed) {
    return known.computeIfAbsent(feed, unused -> new AtomicReference<>(new Position(0, 0)));
  }

  static void raise(AtomicReference<Position> end, Position to) {
    if (to.minus(end.get()) > 0) {
      end.accumulateAndGet(to, (old, high) -> high.minus(old) > 0 ? high : old);
    }
  }
}

package targets.ticker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.LinkState;
import targets.shared.Metrics;

/**
 * What the publisher counts: due = published + lost, and of every feed the last sequence, which
 * counts those that are lost too. Thread-safe.
 */
final class PublisherMetrics {
  private static final double NS_OF_MS = 1e6;

  /** Messages handed to NATS's client. */
  final LongAdder published = new LongAdder();

  /** Messages that were due while NATS was away: they have a sequence, and nobody gets them. */
  final LongAdder lost = new LongAdder();

  private final ConcurrentMap<String, Long> sequences = new ConcurrentHashMap<>();
  private final LinkState nats;
  private final long epoch;
  private final Metrics page = new Metrics(this::figures);
  private volatile long lateNs;
  private volatile long lateMaxNs;
  private volatile boolean done;

  /**
   * @param epoch in which sequences begin at 1
   */
  PublisherMetrics(LinkState nats, long epoch) {
    this.nats = nats;
    this.epoch = epoch;
    page.counter("publisher_messages_published", "Messages handed to NATS", published::sum);
    page.counter("publisher_messages_lost", "Messages due while NATS was away", lost::sum);
    page.counter("publisher_nats_losses", "Times NATS was lost", nats::losses);
    page.gauge("publisher_feeds", "Feeds told so far", sequences::size);
  }

  Metrics page() {
    return page;
  }

  /** The sequence of the next message of a feed, from 1. */
  long next(String feed) {
    return sequences.merge(feed, 1L, Long::sum);
  }

  /** A message came so late after it was due; told by one thread. */
  void late(long ns) {
    lateNs = ns;
    lateMaxNs = Math.max(lateMaxNs, ns);
  }

  /** All messages were told. */
  void done() {
    done = true;
  }

  private Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("messages_published", published.sum());
    figures.put("messages_lost", lost.sum());
    figures.put("late_ms", lateNs / NS_OF_MS);
    figures.put("late_max_ms", lateMaxNs / NS_OF_MS);
    figures.put("done", done);
    figures.put("nats_losses", nats.losses());
    figures.put("epoch", epoch);
    figures.put("feeds", new TreeMap<>(sequences));
    return figures;
  }
}

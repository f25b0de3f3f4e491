package targets.relay;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.LinkState;
import targets.shared.Metrics;

/**
 * What the bridge counts. Thread-safe.
 *
 * <p>Conservation, whenever nothing is under way and no bridge was killed: received = published +
 * every trouble's count, where durable delivery publishes a notice for a trouble whose place is
 * known. What is read again after a failure is received and published again, and JetStream tells
 * what it had: {@link #repeated}.
 */
final class BridgeMetrics {
  /** Messages taken from Redis. */
  final LongAdder received = new LongAdder();

  /** Messages handed to NATS; in durable delivery, acknowledged by JetStream. */
  final LongAdder published = new LongAdder();

  /** Durable: messages that JetStream had already, and told so. */
  final LongAdder repeated = new LongAdder();

  /** Durable: entries taken over from a bridge that had read them and was gone. */
  final LongAdder claimed = new LongAdder();

  /** Durable: entries read and not yet acknowledged. */
  private volatile int underWay;

  /** Durable: shards that this bridge reads. */
  private volatile int shards;

  /** Messages that could not be passed on, by kind. */
  final TroubleLog troubles = new TroubleLog();

  private final LinkState redis;
  private final LinkState nats;
  private final Metrics page = new Metrics(this::figures);

  BridgeMetrics(LinkState redis, LinkState nats) {
    this.redis = redis;
    this.nats = nats;
    page.counter("bridge_messages_received", "Messages taken from Redis", received::sum);
    page.counter("bridge_messages_published", "Messages handed to NATS", published::sum);
    page.counter("bridge_messages_repeated", "Messages JetStream had already", repeated::sum);
    page.counter("bridge_messages_claimed", "Entries taken over from others", claimed::sum);
    page.counter("bridge_errors", "Messages that were not passed on", this::errors);
    page.counter("bridge_redis_losses", "Times Redis was lost", redis::losses);
    page.counter("bridge_nats_losses", "Times NATS was lost", nats::losses);
    page.gauge("bridge_messages_under_way", "Entries not yet acknowledged", () -> underWay);
    page.gauge("bridge_shards", "Shards that this bridge reads", () -> shards);
  }

  /** So many entries are read and not yet acknowledged. */
  void underWay(int entries) {
    underWay = entries;
  }

  /** So many shards are read. */
  void shards(int count) {
    shards = count;
  }

  Metrics page() {
    return page;
  }

  private long errors() {
    long sum = 0;
    for (Trouble trouble : Trouble.values()) {
      sum += troubles.count(trouble);
    }
    return sum;
  }

  private Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("messages_published", published.sum());
    figures.put("messages_received", received.sum());
    figures.put("messages_repeated", repeated.sum());
    figures.put("messages_claimed", claimed.sum());
    figures.put("messages_under_way", underWay);
    figures.put("shards", shards);
    figures.put("errors", errors());
    figures.put("troubles", troubles.asMap());
    figures.put("redis_losses", redis.losses());
    figures.put("nats_losses", nats.losses());
    return figures;
  }
}

package targets.relay.bridge;

import java.util.concurrent.atomic.LongAdder;
import targets.relay.message.Undelivered;
import targets.shared.Counters;
import targets.shared.LinkState;

/**
 * Counters of the bridge. Thread-safe.
 *
 * <p>Conservation, whenever nothing is under way and no bridge was killed: received = published +
 * undelivered, where durable delivery publishes a notice for a loss whose place is known. What is
 * read again after a failure is received and published again, and counted as {@link #repeated}.
 */
final class BridgeMetrics {
  final Counters counters = new Counters("bridge_");
  final LinkState redis = new LinkState("Redis");
  final LinkState nats = new LinkState("NATS");
  final Undelivered undelivered;
  final LongAdder published = counters.counter("messages_published", "Messages handed to NATS");
  final LongAdder received = counters.counter("messages_received", "Messages taken from Redis");
  final LongAdder repeated =
      counters.counter("messages_repeated", "Messages JetStream had already");
  final LongAdder claimed = counters.counter("messages_claimed", "Entries taken over from others");

  /** Entries that are read and not yet acknowledged. */
  volatile int underWay;

  /** Shards that are read. */
  volatile int shards;

  BridgeMetrics(Undelivered undelivered) {
    this.undelivered = undelivered;
    counters.gauge("messages_under_way", "Entries not yet acknowledged", () -> underWay);
    counters.gauge("shards", "Shards that this bridge reads", () -> shards);
    counters.counter("errors", "Messages that were not passed on", undelivered::total);
    counters.figure("troubles", undelivered::asMap);
    counters.counter("redis_losses", "Times Redis was lost", redis::losses);
    counters.counter("nats_losses", "Times NATS was lost", nats::losses);
  }
}

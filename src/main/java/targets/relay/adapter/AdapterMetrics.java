package targets.relay.adapter;

import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import targets.relay.message.Undelivered;
import targets.shared.Counters;
import targets.shared.LinkState;

/**
 * Counters of the adapter. Thread-safe.
 *
 * <p>Conservation: total connections = active + the ends of every kind.
 */
final class AdapterMetrics {
  private static final double[] DURATION_BOUNDS_S = {1, 5, 10, 30, 60, 120, 300, 600};
  private static final double NS_OF_S = 1e9;

  final Counters counters = new Counters("sse_");
  final LinkState nats = new LinkState("NATS");
  final Undelivered undelivered = new Undelivered();
  final LongAdder total = new LongAdder();

  /** Conversations that have subscribers, or had one a moment ago. */
  volatile int conversations;

  { // Before the fields below, because the figures are shown in this order.
    counters.difference(
        "active_connections", "Streams open now", "total_connections", List.of("ended"));
    counters.gauge("conversations", "Conversations subscribed to", () -> conversations);
    // A gauge, because a counter's name would get another ending than the original's.
    counters.gauge("total_connections", "Streams begun since the start", total::sum);
  }

  final LongAdder delivered = counters.counter("messages_delivered", "Token events written");
  final LongAdder bytes =
      counters.counter("bytes_sent", "sse_bytes", "Bytes of events and comments written");
  private final Map<End, LongAdder> ends =
      counters.counters("ended", "sse_ended", "Streams that ended this way", End.class);
  final LongAdder missing = counters.counter("tokens_missing", "Tokens that a stream never got");
  final LongAdder late = counters.counter("tokens_late", "Core: tokens out of order");
  final LongAdder repeated =
      counters.counter("tokens_repeated", "Durable: tokens held back as known");
  final LongAdder losses = counters.counter("losses_told", "Losses reported by an error event");
  final LongAdder slowed =
      counters.counter("clients_slowed", "sse_slowed", "Times an outbox was full");
  final LongAdder storeReads = counters.counter("store_reads", "Durable: reads from the store");
  final LongAdder replayed = counters.counter("tokens_replayed", "Durable: tokens from the store");
  final LongAdder refused =
      counters.counter("refused_requests", "sse_requests_refused", "Requests refused");
  private final Histogram durations =
      Histogram.builder()
          .name("sse_connection_duration_seconds")
          .help("How long streams were open")
          .classicOnly()
          .classicUpperBounds(DURATION_BOUNDS_S)
          .register(counters.registry());

  /** End of a stream. */
  enum End {
    /** With the message that ends its conversation. */
    DONE,
    TIMED_OUT,
    SLOW,
    LEFT,
    STOPPED
  }

  AdapterMetrics() {
    counters.figure("troubles", undelivered::asMap);
    counters.counter("nats_losses", "Times NATS was lost", nats::losses);
  }

  void ended(End end, long durationNs) {
    ends.get(end).increment();
    durations.observe(durationNs / NS_OF_S);
  }
}

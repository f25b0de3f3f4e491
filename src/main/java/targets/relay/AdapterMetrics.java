package targets.relay;

import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.LinkState;
import targets.shared.Metrics;

/**
 * What the adapter counts. Thread-safe.
 *
 * <p>Conservation: total connections = active + the ends of every kind.
 */
final class AdapterMetrics {
  /** How a stream ended. */
  enum End {
    /** With the message that ends its conversation. */
    DONE,
    /** No token came in time. */
    TIMED_OUT,
    /** Its client was too slow. */
    SLOW,
    /** Its client left. */
    LEFT,
    /** The adapter was stopped. */
    STOPPED
  }

  private static final double[] DURATION_BOUNDS_S = {1, 5, 10, 30, 60, 120, 300, 600};
  private static final double NS_OF_S = 1e9;

  /** Streams that were begun. */
  final LongAdder total = new LongAdder();

  /** Token events written. */
  final LongAdder delivered = new LongAdder();

  /** Bytes of events and comments written. */
  final LongAdder bytes = new LongAdder();

  /** Tokens that a stream should have had by their sequence, and never got. */
  final LongAdder missing = new LongAdder();

  /** Core: tokens passed on although one with a higher sequence went before. */
  final LongAdder late = new LongAdder();

  /** Durable: tokens not passed on because the stream had them already. */
  final LongAdder repeated = new LongAdder();

  /** Losses told to clients by an error event. */
  final LongAdder losses = new LongAdder();

  /** Times a client's outbox was full, so that its stream was slowed. */
  final LongAdder slowed = new LongAdder();

  /** Durable: questions to the store. */
  final LongAdder storeReads = new LongAdder();

  /** Durable: tokens that came from the store. */
  final LongAdder replayed = new LongAdder();

  /** Conversations that are subscribed to, or will be. */
  private volatile int conversations;

  /** Requests refused with an error reply. */
  final LongAdder refused = new LongAdder();

  /** Messages that could not be passed on, by kind. */
  final TroubleLog troubles = new TroubleLog();

  private final Map<End, LongAdder> ends = new EnumMap<>(End.class);
  private final LinkState nats;
  private final Metrics page = new Metrics(this::figures);
  private final Histogram durations =
      Histogram.builder()
          .name("sse_connection_duration_seconds")
          .help("How long streams were open")
          .classicOnly()
          .classicUpperBounds(DURATION_BOUNDS_S)
          .register(page.registry());

  AdapterMetrics(LinkState nats) {
    this.nats = nats;
    Arrays.stream(End.values()).forEach(end -> ends.put(end, new LongAdder()));
    page.gauge("sse_active_connections", "Streams open now", this::active);
    // A gauge, because a counter's name would get another ending than the original's.
    page.gauge("sse_total_connections", "Streams begun since the start", total::sum);
    page.gauge("sse_conversations", "Conversations subscribed to", () -> conversations);
    page.counter("sse_messages_delivered", "Token events written", delivered::sum);
    page.counter("sse_bytes", "Bytes of events and comments written", bytes::sum);
    page.counter("sse_tokens_missing", "Tokens that a stream never got", missing::sum);
    page.counter("sse_tokens_late", "Core: tokens out of order", late::sum);
    page.counter("sse_tokens_repeated", "Durable: tokens held back as known", repeated::sum);
    page.counter("sse_losses_told", "Losses told by an error event", losses::sum);
    page.counter("sse_slowed", "Times an outbox was full", slowed::sum);
    page.counter("sse_store_reads", "Durable: questions to the store", storeReads::sum);
    page.counter("sse_tokens_replayed", "Durable: tokens from the store", replayed::sum);
    page.counter("sse_requests_refused", "Requests refused", refused::sum);
    page.counter("sse_nats_losses", "Times NATS was lost", nats::losses);
    ends.forEach(
        (end, count) ->
            page.counter("sse_ended_" + label(end), "Streams that ended this way", count::sum));
  }

  /** So many conversations have listeners, or had one a moment ago. */
  void conversations(int count) {
    conversations = count;
  }

  Metrics page() {
    return page;
  }

  /** A stream ended. */
  void ended(End end, long durationNs) {
    ends.get(end).increment();
    durations.observe(durationNs / NS_OF_S);
  }

  private long active() {
    // What ended is read first: the other way round the difference could be below 0.
    long over = over();
    return total.sum() - over;
  }

  private long over() {
    return ends.values().stream().mapToLong(LongAdder::sum).sum();
  }

  private Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    Map<String, Object> over = new LinkedHashMap<>();
    ends.forEach((end, count) -> over.put(label(end), count.sum()));
    figures.put("active_connections", active());
    figures.put("conversations", conversations);
    figures.put("total_connections", total.sum());
    figures.put("messages_delivered", delivered.sum());
    figures.put("bytes_sent", bytes.sum());
    figures.put("ended", over);
    figures.put("tokens_missing", missing.sum());
    figures.put("tokens_late", late.sum());
    figures.put("tokens_repeated", repeated.sum());
    figures.put("losses_told", losses.sum());
    figures.put("clients_slowed", slowed.sum());
    figures.put("store_reads", storeReads.sum());
    figures.put("tokens_replayed", replayed.sum());
    figures.put("refused_requests", refused.sum());
    figures.put("troubles", troubles.asMap());
    figures.put("nats_losses", nats.losses());
    return figures;
  }

  private static String label(End end) {
    return end.name().toLowerCase(Locale.ROOT);
  }
}

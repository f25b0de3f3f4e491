package targets.ticker;

import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import targets.shared.CloseReason;
import targets.shared.Counters;

/**
 * Counters of the ticker. Thread-safe.
 *
 * <p>Conservation: connections in all = active + closed by the ticker + closed by clients.
 */
final class TickerMetrics extends Counters {
  /** Why a connection was refused before the upgrade, other than for its token. */
  enum Refusal {
    FULL,
    /** Too many attempts from one address. */
    FLOOD,
    STOPPING,
    /** Not a request for a WebSocket of version 13. */
    HANDSHAKE
  }

  /** Why a message of the market was rejected. */
  enum Trouble {
    /** Not one JSON object, or with a wrong sequence. */
    MALFORMED,
    BAD_SUBJECT,
    TOO_LARGE,
    TOO_MANY_FEEDS
  }

  private static final List<Integer> CODES =
      List.of(1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1013);

  private final LongSupplier active =
      difference(
          "active_connections",
          "WebSockets open now",
          "total_connections",
          List.of("closed", "left"));
  final LongAdder connections = counter("total_connections", "WebSockets opened");
  final LongAdder frames = counter("messages_received", "Frames of clients");
  final LongAdder pings = counter("pings", "JSON pings answered");
  final LongAdder nonsense = counter("nonsense", "Malformed messages of clients");
  final LongAdder limited = counter("limited_frames", "Frames above the limit of an address");
  final LongAdder broadcasts = counter("broadcasts", "Messages of the market published");
  final LongAdder missing = counter("broadcasts_missing", "Broadcasts never received, by sequence");
  final LongAdder repeated = counter("broadcasts_repeated", "Broadcasts received again");
  final LongAdder devTokens = counter("dev_tokens", "Tokens given out for development");
  final Map<CloseReason, LongAdder> closes =
      counters("closed", "How many were closed", CloseReason.class);
  final Map<Refusal, LongAdder> refusals =
      counters("refused", "How many were refused", Refusal.class);
  final Map<JwtCheck.Fault, LongAdder> unauthorized =
      counters("unauthorized", "How many were unauthorized", JwtCheck.Fault.class);
  private final Map<Trouble, LongAdder> troubles =
      counters("troubles", "ticker_trouble", "How many were trouble", Trouble.class);
  private final Map<String, LongAdder> left = new LinkedHashMap<>();
  private final DoubleSummaryStatistics latencyMs = new DoubleSummaryStatistics();

  TickerMetrics() {
    super("ticker_");
    CODES.forEach(code -> left.put(Integer.toString(code), new LongAdder()));
    left.put("other", new LongAdder());
    figure("left", this::left);
    exportCounter("ticker_left", "Connections ended by clients", this::leftSum);
  }

  /** Counts a rejected message; returns true for the first of its kind. */
  boolean trouble(Trouble kind) {
    LongAdder count = troubles.get(kind);
    count.increment();
    return count.sum() == 1;
  }

  /** Counts a connection that its client ended, by this code. */
  void left(int code) {
    left.getOrDefault(Integer.toString(code), left.get("other")).increment();
  }

  long active() {
    return active.getAsLong();
  }

  /** Adds the latency of a ping whose client's clock can be compared. */
  void latency(double ms) {
    synchronized (latencyMs) {
      latencyMs.accept(ms);
    }
  }

  /** Returns the latency of pings, 0 while there is none. */
  Map<String, Object> latency() {
    Map<String, Object> map = new LinkedHashMap<>();
    synchronized (latencyMs) {
      map.put("count", latencyMs.getCount());
      map.put("average_ms", latencyMs.getAverage());
      map.put("peak_ms", Math.max(0, latencyMs.getMax()));
    }
    return map;
  }

  private Map<String, Object> left() {
    Map<String, Object> shown = new LinkedHashMap<>();
    left.forEach((code, count) -> shown.put(code, count.sum()));
    return shown;
  }

  private long leftSum() {
    return left.values().stream().mapToLong(LongAdder::sum).sum();
  }
}

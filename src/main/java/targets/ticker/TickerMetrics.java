package targets.ticker;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import targets.shared.LinkState;
import targets.shared.Metrics;

/**
 * What the ticker counts. Thread-safe.
 *
 * <p>Conservation: connections in all = active + closed by the ticker + closed by clients. Of
 * broadcasts, for every client that was to get one: addressed = delivered + conflated + undelivered
 * + waiting.
 */
final class TickerMetrics {
  /** Why a connection was refused before it was a WebSocket, besides for its token. */
  enum Refusal {
    /** All connections are taken. */
    FULL,
    /** Too many attempts from one address. */
    FLOOD,
    /** The ticker stops. */
    STOPPING,
    /** More sockets than WebSockets and pages together need. */
    SOCKETS,
    /** Not a request for a WebSocket of version 13. */
    HANDSHAKE,
    /** A planted error. */
    PLANTED
  }

  /** Why a message of the market was not passed on. */
  enum Trouble {
    /** Not one JSON object, or with a wrong sequence. */
    MALFORMED,
    /** On a subject that means nothing. */
    BAD_SUBJECT,
    /** Larger than a broadcast may be. */
    TOO_LARGE,
    /** One feed more than are told apart. */
    TOO_MANY_FEEDS
  }

  private static final List<Integer> CODES =
      List.of(1000, 1001, 1002, 1003, Close.NO_CODE, Close.NO_FRAME, 1007, 1008, 1009, 1011, 1013);

  /** WebSockets that were opened. */
  final LongAdder connections = new LongAdder();

  /** Frames of clients. */
  final LongAdder frames = new LongAdder();

  /** Pings answered, those of JSON. */
  final LongAdder pings = new LongAdder();

  /** Messages of clients that made no sense, answered by an error. */
  final LongAdder nonsense = new LongAdder();

  /** Frames beyond what an address may send, answered by an error. */
  final LongAdder limited = new LongAdder();

  /** Messages heard from the market and passed on. */
  final LongAdder broadcasts = new LongAdder();

  /** Broadcasts that by their sequence should have been heard and never were. */
  final LongAdder missing = new LongAdder();

  /** Broadcasts with a sequence that was heard before; passed on all the same. */
  final LongAdder repeated = new LongAdder();

  /** Deliveries that were begun: one for each broadcast and client. */
  final LongAdder addressed = new LongAdder();

  /** Deliveries handed to the connection. */
  final LongAdder delivered = new LongAdder();

  /** Deliveries that a newer one took the place of. */
  final LongAdder conflated = new LongAdder();

  /** Deliveries that waited when their connection was closed. */
  final LongAdder undelivered = new LongAdder();

  /** Bytes handed to connections. */
  final LongAdder bytes = new LongAdder();

  /** Times a client became slow, so that things wait for it. */
  final LongAdder slowed = new LongAdder();

  /** Heartbeats left out because the client was slow. */
  final LongAdder heartbeatsSkipped = new LongAdder();

  /** Tokens given to whoever asked. */
  final LongAdder devTokens = new LongAdder();

  final PingLatency latency = new PingLatency();

  private final LongAdder over = new LongAdder();
  private final Map<Refusal, LongAdder> refusals = counters(Refusal.class);
  private final Map<TokenFault, LongAdder> unauthorized = counters(TokenFault.class);
  private final Map<Trouble, LongAdder> troubles = counters(Trouble.class);
  private final Map<Close, LongAdder> closes = counters(Close.class);
  private final Map<Integer, LongAdder> clientCodes = new LinkedHashMap<>();
  private final LongAdder otherCodes = new LongAdder();
  private final Map<String, LongSupplier> gauges = new LinkedHashMap<>();
  private final Map<String, LongSupplier> counters = new LinkedHashMap<>();
  private final Metrics page = new Metrics(this::figures);

  TickerMetrics(LinkState nats) {
    CODES.forEach(code -> clientCodes.put(code, new LongAdder()));
    gauge("active_connections", "WebSockets open now", this::active);
    counter("total_connections", "WebSockets opened", connections::sum);
    counter("messages_received", "Frames of clients", frames::sum);
    counter("pings", "JSON pings answered", pings::sum);
    counter("nonsense", "Messages of clients that made no sense", nonsense::sum);
    counter("limited_frames", "Frames beyond what an address may send", limited::sum);
    counter("broadcasts", "Messages of the market passed on", broadcasts::sum);
    counter("broadcasts_missing", "Broadcasts never heard, by their sequence", missing::sum);
    counter("broadcasts_repeated", "Broadcasts heard again", repeated::sum);
    counter("deliveries_addressed", "Deliveries begun", addressed::sum);
    counter("messages_delivered", "Deliveries handed to connections", delivered::sum);
    counter("deliveries_conflated", "Deliveries replaced by newer ones", conflated::sum);
    counter("deliveries_undelivered", "Deliveries that waited at the end", undelivered::sum);
    counter("bytes_sent", "Bytes handed to connections", bytes::sum);
    counter("clients_slowed", "Times a client became slow", slowed::sum);
    counter("heartbeats_skipped", "Heartbeats left out for slow clients", heartbeatsSkipped::sum);
    counter("dev_tokens", "Tokens given to whoever asked", devTokens::sum);
    counter("nats_losses", "Times NATS was lost", nats::losses);
    prometheus("refused", refusals);
    prometheus("unauthorized", unauthorized);
    prometheus("trouble", troubles);
    prometheus("closed", closes);
    page.counter("ticker_left", "Connections ended by clients", () -> sum(clientCodes.values()));
  }

  Metrics page() {
    return page;
  }

  /** Shows a gauge on the page; before the first request. */
  void gauge(String name, String help, LongSupplier value) {
    gauges.put(name, value);
    page.gauge("ticker_" + name, help, value);
  }

  /** Shows a counter on the page; before the first request. */
  void counter(String name, String help, LongSupplier value) {
    counters.put(name, value);
    page.counter("ticker_" + name, help, value);
  }

  void refused(Refusal why) {
    refusals.get(why).increment();
  }

  void unauthorized(TokenFault why) {
    unauthorized.get(why).increment();
  }

  /** One more trouble; true for the first of its kind. */
  boolean trouble(Trouble kind) {
    LongAdder count = troubles.get(kind);
    count.increment();
    return count.sum() == 1;
  }

  /** The ticker ended a connection. */
  void closed(Close why) {
    closes.get(why).increment();
    over.increment();
  }

  /** A client ended its connection, by this code. */
  void left(int code) {
    clientCodes.getOrDefault(code, otherCodes).increment();
    over.increment();
  }

  /** WebSockets open now. */
  long active() {
    // What ended is read first: the other way round the difference could be below 0.
    long ended = over.sum();
    return connections.sum() - ended;
  }

  private Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    gauges.forEach((name, value) -> figures.put(name, value.getAsLong()));
    counters.forEach((name, value) -> figures.put(name, value.getAsLong()));
    Map<String, Object> left = new LinkedHashMap<>();
    clientCodes.forEach((code, count) -> left.put(Integer.toString(code), count.sum()));
    left.put("other", otherCodes.sum());
    figures.put("closed", labelled(closes));
    figures.put("left", left);
    figures.put("refused", labelled(refusals));
    figures.put("unauthorized", labelled(unauthorized));
    figures.put("troubles", labelled(troubles));
    return figures;
  }

  private <K extends Enum<K>> void prometheus(String prefix, Map<K, LongAdder> counts) {
    counts.forEach(
        (key, count) ->
            page.counter(
                "ticker_" + prefix + "_" + label(key), "How many were " + prefix, count::sum));
  }

  private static <K extends Enum<K>> Map<K, LongAdder> counters(Class<K> keys) {
    Map<K, LongAdder> counts = new EnumMap<>(keys);
    Arrays.stream(keys.getEnumConstants()).forEach(key -> counts.put(key, new LongAdder()));
    return counts;
  }

  private static <K extends Enum<K>> Map<String, Object> labelled(Map<K, LongAdder> counts) {
    Map<String, Object> map = new LinkedHashMap<>();
    counts.forEach((key, count) -> map.put(label(key), count.sum()));
    return map;
  }

  private long sum(Iterable<LongAdder> counts) {
    long sum = otherCodes.sum();
    for (LongAdder count : counts) {
      sum += count.sum();
    }
    return sum;
  }

  private static String label(Enum<?> key) {
    return key.name().toLowerCase(Locale.ROOT);
  }
}

package targets.proxy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import targets.shared.Metrics;
import targets.shared.StreamSlots;

/**
 * The proxy's counters, under the names that JSON and Prometheus text share. Thread-safe.
 *
 * <p>Conservation: total = active + completed + aborted + failed.
 */
final class ProxyMetrics {
  /** Requests that got a slot. */
  final LongAdder total = new LongAdder();

  /** Events passed on, those of unfinished streams too. */
  final LongAdder messages = new LongAdder();

  /** Requests that ended with an error reply of this proxy after they got a slot. */
  final LongAdder failed = new LongAdder();

  /** Requests refused for want of a slot or because of the stop; not in the total. */
  final LongAdder refused = new LongAdder();

  /** Responses that the upstream ended cleanly and the client's socket took whole. */
  final LongAdder completed = new LongAdder();

  /** Responses broken after their head, or left by their client. */
  final LongAdder aborted = new LongAdder();

  /** Connects refused, heads missing or wrong, time-outs and breaks of the upstream. */
  final LongAdder upstreamFailures = new LongAdder();

  /** Events of completed responses. */
  final LongAdder messagesCompleted = new LongAdder();

  /** Response body bytes handed on to clients, chunk framing included. */
  final LongAdder bytes = new LongAdder();

  /** Bytes received from the upstream, heads included. */
  final LongAdder upstreamBytes = new LongAdder();

  /** How often a client's buffer was full, so that its upstream was not read. */
  final LongAdder bufferHits = new LongAdder();

  /** Idle upstream connections kept now. */
  final LongAdder pooled = new LongAdder();

  /** Upstream connections made. */
  final LongAdder connects = new LongAdder();

  /** Upstream connections closed because their client left. */
  final LongAdder cancelled = new LongAdder();

  private final Map<String, LongSupplier> counters = new LinkedHashMap<>();
  private final Map<String, LongSupplier> gauges = new LinkedHashMap<>();

  ProxyMetrics(ProxySettings settings, StreamSlots slots) {
    gauges.put("active_connections", slots::active);
    counters.put("total_connections", total::sum);
    counters.put("proxied_messages", messages::sum);
    counters.put("failed_connections", failed::sum);
    counters.put("completed_streams", completed::sum);
    counters.put("aborted_streams", aborted::sum);
    counters.put("refused_connections", refused::sum);
    counters.put("upstream_failures", upstreamFailures::sum);
    counters.put("proxied_messages_completed", messagesCompleted::sum);
    counters.put("proxied_bytes", bytes::sum);
    counters.put("upstream_bytes", upstreamBytes::sum);
    counters.put("buffer_limit_hits", bufferHits::sum);
    gauges.put("buffer_limit_bytes", settings::bufferHigh);
    gauges.put("pooled_connections", pooled::sum);
    counters.put("upstream_connects", connects::sum);
    counters.put("cancelled_upstreams", cancelled::sum);
  }

  /** The figures by name. */
  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("active_connections", gauges.get("active_connections").getAsLong());
    counters.forEach((name, value) -> map.put(name, value.getAsLong()));
    gauges.forEach((name, value) -> map.putIfAbsent(name, value.getAsLong()));
    return map;
  }

  /** Offers the same figures, each with {@code proxy_} before its name. */
  void register(Metrics page) {
    counters.forEach(
        (name, value) ->
            page.counter("proxy_" + name, name.replace('_', ' ') + " since the start", value));
    gauges.forEach(
        (name, value) -> page.gauge("proxy_" + name, name.replace('_', ' ') + " now", value));
  }
}

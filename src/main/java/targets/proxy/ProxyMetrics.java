package targets.proxy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.Counters;
import targets.shared.StreamSlots;

/**
 * The proxy's counters. Thread-safe.
 *
 * <p>Conservation: total = active + completed + aborted + failed.
 */
final class ProxyMetrics {
  final Counters counters;

  /** Requests that got a slot. */
  final LongAdder total;

  /** Events passed on, those of unfinished streams too. */
  final LongAdder messages;

  /** Requests that ended with an error reply of this proxy after they got a slot. */
  final LongAdder failed;

  /** Responses that the upstream ended cleanly and the client's socket took whole. */
  final LongAdder completed;

  /** Responses broken after their head, or left by their client. */
  final LongAdder aborted;

  /** Requests refused for want of a slot or because of the stop; not in the total. */
  final LongAdder refused;

  /** Connects refused, heads missing or wrong, time-outs and breaks of the upstream. */
  final LongAdder upstreamFailures;

  /** Events of completed responses. */
  final LongAdder messagesCompleted;

  /** Response body bytes handed on to clients, chunk framing included. */
  final LongAdder bytes;

  /** Bytes received from the upstream, heads included. */
  final LongAdder upstreamBytes;

  /** How often a client's buffer was full, so that its upstream was not read. */
  final LongAdder bufferHits;

  /** Upstream connections made. */
  final LongAdder connects;

  /** Upstream connections closed because their client left. */
  final LongAdder cancelled;

  /** Idle upstream connections kept now. */
  final LongAdder pooled = new LongAdder();

  ProxyMetrics(ProxySettings settings, StreamSlots slots, UpstreamWatch watch) {
    counters = new Counters("proxy_", figures -> shape(figures, watch));
    counters.gauge("active_connections", "active connections now", slots::active);
    total = counter("total_connections");
    messages = counter("proxied_messages");
    failed = counter("failed_connections");
    completed = counter("completed_streams");
    aborted = counter("aborted_streams");
    refused = counter("refused_connections");
    upstreamFailures = counter("upstream_failures");
    messagesCompleted = counter("proxied_messages_completed");
    bytes = counter("proxied_bytes");
    upstreamBytes = counter("upstream_bytes");
    bufferHits = counter("buffer_limit_hits");
    connects = counter("upstream_connects");
    cancelled = counter("cancelled_upstreams");
    counters.gauge("buffer_limit_bytes", "buffer limit bytes now", settings::bufferHigh);
    counters.gauge("pooled_connections", "pooled connections now", pooled::sum);
  }

  private LongAdder counter(String name) {
    return counters.counter(name, name.replace('_', ' ') + " since the start");
  }

  private static Map<String, Object> shape(Map<String, Object> figures, UpstreamWatch watch) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("proxy", figures);
    map.put("deep_server", watch.deepServer());
    return map;
  }
}

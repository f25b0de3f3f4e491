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

  final LongAdder total;
  final LongAdder messages;
  final LongAdder failed;
  final LongAdder completed;
  final LongAdder aborted;
  final LongAdder refused;
  final LongAdder upstreamFailures;
  final LongAdder messagesCompleted;
  final LongAdder bytes;
  final LongAdder upstreamBytes;
  final LongAdder bufferHits;
  final LongAdder connects;
  final LongAdder cancelled;
  final LongAdder pooled = new LongAdder();

  ProxyMetrics(ProxySettings settings, StreamSlots slots, UpstreamWatch watch) {
    counters = new Counters("proxy_", figures -> shape(figures, watch));
    counters.gauge("active_connections", "Requests that have a slot now", slots::active);
    total = counters.counter("total_connections", "Requests that got a slot");
    messages = counters.counter("proxied_messages", "Events passed on, of unfinished streams too");
    failed = counters.counter("failed_connections", "Requests with a slot that got an error reply");
    completed =
        counters.counter("completed_streams", "Responses ended cleanly and sent to the last byte");
    aborted = counters.counter("aborted_streams", "Responses broken after their head, or left");
    refused = counters.counter("refused_connections", "Requests that got no slot");
    upstreamFailures =
        counters.counter(
            "upstream_failures", "Failed connects, wrong heads, time-outs and breaks upstream");
    messagesCompleted =
        counters.counter("proxied_messages_completed", "Events of completed responses");
    bytes = counters.counter("proxied_bytes", "Response body bytes with their chunk framing");
    upstreamBytes = counters.counter("upstream_bytes", "Bytes received from the upstream");
    bufferHits =
        counters.counter("buffer_limit_hits", "Times a full client buffer stopped its upstream");
    connects = counters.counter("upstream_connects", "Upstream connections made");
    cancelled =
        counters.counter("cancelled_upstreams", "Upstream connections closed as the client left");
    counters.gauge("buffer_limit_bytes", "Limit of a client's buffer", settings::bufferHigh);
    counters.gauge("pooled_connections", "Idle upstream connections kept now", pooled::sum);
  }

  private static Map<String, Object> shape(Map<String, Object> figures, UpstreamWatch watch) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("proxy", figures);
    map.put("deep_server", watch.deepServer());
    return map;
  }
}

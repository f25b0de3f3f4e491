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
final class ProxyMetrics extends Counters {
  final LongAdder total = counter("total_connections", "Requests that got a slot");
  final LongAdder messages =
      counter("proxied_messages", "Events passed on, of unfinished streams too");
  final LongAdder failed =
      counter("failed_connections", "Requests with a slot that got an error reply");
  final LongAdder completed =
      counter("completed_streams", "Responses ended cleanly and sent to the last byte");
  final LongAdder aborted =
      counter("aborted_streams", "Responses broken after their head, or left");
  final LongAdder refused = counter("refused_connections", "Requests that got no slot");
  final LongAdder upstreamFailures =
      counter("upstream_failures", "Failed connects, wrong heads, time-outs and breaks upstream");
  final LongAdder messagesCompleted =
      counter("proxied_messages_completed", "Events of completed responses");
  final LongAdder bytes = counter("proxied_bytes", "Response body bytes with their chunk framing");
  final LongAdder upstreamBytes = counter("upstream_bytes", "Bytes received from the upstream");
  final LongAdder bufferHits =
      counter("buffer_limit_hits", "Times a full client buffer stopped its upstream");
  final LongAdder connects = counter("upstream_connects", "Upstream connections made");
  final LongAdder cancelled =
      counter("cancelled_upstreams", "Upstream connections closed as the client left");
  final LongAdder pooled = new LongAdder();
  private final UpstreamWatch watch;

  ProxyMetrics(ProxySettings settings, StreamSlots slots, UpstreamWatch watch) {
    super("proxy_");
    this.watch = watch;
    gauge("active_connections", "Requests that have a slot now", slots::active);
    gauge("buffer_limit_bytes", "Limit of a client's buffer", settings::bufferHigh);
    gauge("pooled_connections", "Idle upstream connections kept now", pooled::sum);
  }

  @Override
  protected Map<String, Object> shape(Map<String, Object> figures) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("proxy", figures);
    map.put("deep_server", watch.deepServer());
    return map;
  }
}

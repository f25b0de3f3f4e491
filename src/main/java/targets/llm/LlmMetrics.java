package targets.llm;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.Metrics;

/**
 * What the server counts. Thread-safe.
 *
 * <p>An answer that is not streamed is a stream too, of no events. A stream is over when its last
 * byte was handed to the socket, or the connection was lost.
 */
final class LlmMetrics {
  private final LongAdder started = new LongAdder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder aborted = new LongAdder();
  private final LongAdder eventsSent = new LongAdder();
  private final LongAdder eventsCompleted = new LongAdder();
  private final LongAdder bytesSent = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder bufferLimitHits = new LongAdder();
  private final LongAccumulator bufferedBytesMax = new LongAccumulator(Math::max, 0);
  private final Metrics page = new Metrics(this::figures);

  LlmMetrics() {
    page.gauge("llm_active_streams", "Answers under way", this::active);
    page.gauge(
        "llm_buffered_bytes_max",
        "The most bytes that ever waited for one connection when its limit was hit",
        bufferedBytesMax::get);
    page.counter("llm_streams", "Answers started", started::sum);
    page.counter("llm_completed_streams", "Answers handed whole to the socket", completed::sum);
    page.counter("llm_aborted_streams", "Answers that ended before they were whole", aborted::sum);
    page.counter("llm_events_sent", "SSE events written, [DONE] included", eventsSent::sum);
    page.counter("llm_events_completed", "SSE events of completed streams", eventsCompleted::sum);
    page.counter(
        "llm_bytes_sent", "Bytes of events and bodies, without HTTP framing", bytesSent::sum);
    page.counter("llm_requests", "Requests for a chat completion", requests::sum);
    page.counter("llm_rejected_requests", "Requests for a chat completion refused", rejected::sum);
    page.counter(
        "llm_buffer_limit_hits", "Times a stream had to wait for its client", bufferLimitHits::sum);
  }

  /** A chat completion was asked for. */
  void requested() {
    requests.increment();
  }

  /** It was refused. */
  void refused() {
    rejected.increment();
  }

  /** An answer was begun. */
  void began() {
    started.increment();
  }

  /** An answer was handed whole to the socket. */
  void completed(long events) {
    eventsCompleted.add(events);
    completed.increment();
  }

  /** An answer ended otherwise. */
  void aborted() {
    aborted.increment();
  }

  /** Events or a body were written. */
  void wrote(int events, int bytes) {
    eventsSent.add(events);
    bytesSent.add(bytes);
  }

  /** A client was too slow: so many bytes wait for it. */
  void hitBufferLimit(long waitingBytes) {
    bufferLimitHits.increment();
    bufferedBytesMax.accumulate(waitingBytes);
  }

  /** The page. */
  FullHttpResponse reply(HttpRequest request) {
    return page.reply(request);
  }

  private long active() {
    // What ended is read first: the other way round the difference could be below 0.
    long ended = completed.sum() + aborted.sum();
    return started.sum() - ended;
  }

  private Map<String, Object> figures() {
    // In the order of a stream's life backwards, so that one answer never contradicts itself.
    long whole = completed.sum();
    long broken = aborted.sum();
    long total = started.sum();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("active_streams", total - whole - broken);
    figures.put("total_streams", total);
    figures.put("completed_streams", whole);
    figures.put("aborted_streams", broken);
    figures.put("events_sent", eventsSent.sum());
    figures.put("events_completed", eventsCompleted.sum());
    figures.put("bytes_sent", bytesSent.sum());
    figures.put("requests", requests.sum());
    figures.put("rejected_requests", rejected.sum());
    figures.put("buffer_limit_hits", bufferLimitHits.sum());
    figures.put("buffered_bytes_max", bufferedBytesMax.get());
    return figures;
  }
}

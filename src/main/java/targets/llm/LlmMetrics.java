package targets.llm;

import java.util.List;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.Counters;

/**
 * What the server counts. Thread-safe.
 *
 * <p>An answer that is not streamed is a stream too, of no events. A stream is over when its last
 * byte was handed to the socket, or the connection was lost.
 */
final class LlmMetrics {
  final Counters counters = new Counters("llm_");

  {
    counters.difference(
        "active_streams",
        "Answers under way",
        "total_streams",
        List.of("completed_streams", "aborted_streams"));
  }

  final LongAdder started = counters.counter("total_streams", "llm_streams", "Answers started");
  final LongAdder completed =
      counters.counter("completed_streams", "Answers handed whole to the socket");
  final LongAdder aborted =
      counters.counter("aborted_streams", "Answers that ended before they were whole");
  final LongAdder eventsSent =
      counters.counter("events_sent", "SSE events written, [DONE] included");
  final LongAdder eventsCompleted =
      counters.counter("events_completed", "SSE events of completed streams");
  final LongAdder bytesSent =
      counters.counter("bytes_sent", "Bytes of events and bodies, without HTTP framing");
  final LongAdder requests = counters.counter("requests", "Requests for a chat completion");
  final LongAdder rejected =
      counters.counter("rejected_requests", "Requests for a chat completion refused");
  final LongAdder bufferLimitHits =
      counters.counter("buffer_limit_hits", "Times a stream had to wait for its client");
  final LongAccumulator bufferedBytesMax = new LongAccumulator(Math::max, 0);

  LlmMetrics() {
    counters.gauge(
        "buffered_bytes_max",
        "The most bytes that ever waited for one connection when its limit was hit",
        bufferedBytesMax::get);
  }
}

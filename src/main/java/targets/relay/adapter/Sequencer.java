package targets.relay.adapter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import targets.relay.message.Guarantee;

/** Decides by their sequence which tokens a stream gets. Used by one event loop. */
interface Sequencer {
  /** The sequence of a stream that takes any token as the first. */
  long ANY = 0;

  static Sequencer of(SseStream stream, StreamRequest request, AdapterServer adapter) {
    boolean durable = adapter.settings.delivery() == Guarantee.DURABLE;
    long otherwise = durable && !request.isFromNow() ? 1 : ANY;
    long next =
        request.lastEventId().isPresent() ? request.lastEventId().getAsLong() + 1 : otherwise;
    return durable
        ? new DurableSequencer(stream, next, request.isFromNow(), adapter)
        : new Core(stream, next, adapter.metrics);
  }

  /** The subscription stands, and the client was greeted. */
  default void begin() {}

  void live(Token token);

  /** Tokens may have been lost since the last one. */
  default void missed() {}

  default void writable() {}

  default void end() {}

  /**
   * Passes on each token as it arrives. A gap in the sequence is counted, logged once a stream and
   * shown as a comment; late tokens are counted.
   */
  final class Core implements Sequencer {
    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);

    private final SseStream stream;
    private final AdapterMetrics metrics;
    private long next;
    private boolean logged;

    Core(SseStream stream, long next, AdapterMetrics metrics) {
      this.stream = stream;
      this.next = next;
      this.metrics = metrics;
    }

    @Override
    public void live(Token token) {
      if (next != ANY && token.sequence() > next) {
        missing(next, token.sequence() - 1);
      } else if (token.sequence() < next) {
        metrics.late.increment();
      }
      next = Math.max(next, token.sequence() + 1);
      stream.token(token);
    }

    private void missing(long first, long last) {
      metrics.missing.add(last - first + 1);
      stream.comment("missing " + first + " to " + last);
      if (!logged) {
        logged = true;
        LOG.warn("conversation {}: tokens {} to {} did not arrive", stream.id(), first, last);
      }
    }
  }
}

package targets.relay.adapter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on each token as it arrives. A gap in the sequence is counted, logged once a stream and
 * shown as a comment; late tokens are counted.
 */
final class CoreSequencer implements Sequencer {
  private static final Logger LOG = LoggerFactory.getLogger(CoreSequencer.class);

  private final Outlet outlet;
  private final AdapterMetrics metrics;
  private long next;
  private boolean logged;

  /**
   * @param next sequence that the client needs next, or {@link #ANY}
   */
  CoreSequencer(Outlet outlet, long next, AdapterMetrics metrics) {
    this.outlet = outlet;
    this.next = next;
    this.metrics = metrics;
  }

  @Override
  public void begin() {}

  @Override
  public void live(Token token) {
    if (next != ANY && token.sequence() > next) {
      missing(next, token.sequence() - 1);
    } else if (token.sequence() < next) {
      metrics.late.increment();
    }
    next = Math.max(next, token.sequence() + 1);
    outlet.token(token);
  }

  private void missing(long first, long last) {
    metrics.missing.add(last - first + 1);
    outlet.comment("missing " + first + " to " + last);
    if (!logged) {
      logged = true;
      LOG.warn("conversation {}: tokens {} to {} did not arrive", outlet.id(), first, last);
    }
  }
}

package targets.relay;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a dependency answers, and why not. Logs each change once. Thread-safe. */
final class LinkState {
  private static final Logger LOG = LoggerFactory.getLogger(LinkState.class);

  private final String name;
  private final LongAdder losses = new LongAdder();
  private String reason;
  private boolean wasUp;

  /**
   * @param name of the dependency, for messages
   */
  LinkState(String name) {
    this.name = name;
    this.reason = name + " was not reached yet";
  }

  synchronized void up() {
    if (reason != null) {
      LOG.info("{} answers", name);
    }
    reason = null;
    wasUp = true;
  }

  /** Takes the reason, which must not hold a password. */
  synchronized void down(String why) {
    String now = name + " is away: " + why;
    if (!now.equals(reason)) {
      LOG.warn("{}", now);
    }
    if (reason == null) {
      losses.increment();
    }
    reason = now;
  }

  /** Why the dependency cannot be used; empty while it answers. */
  synchronized Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  synchronized boolean isUp() {
    return reason == null;
  }

  /** True once it has ever answered. */
  synchronized boolean wasUp() {
    return wasUp;
  }

  /** How often it was lost after it had answered. */
  long losses() {
    return losses.sum();
  }
}

package targets.shared;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a dependency answers, and why not. Logs each reason once an outage. Thread-safe. */
public final class LinkState {
  private static final Logger LOG = LoggerFactory.getLogger(LinkState.class);
  private static final int REASONS_MAX = 8;

  private final String name;
  private final LongAdder losses = new LongAdder();
  private String reason;
  private final Set<String> logged = new HashSet<>();

  /** The state of a dependency, by its name in messages; at first it was not reached yet. */
  public LinkState(String name) {
    this.name = name;
    this.reason = name + " was not reached yet";
  }

  public synchronized void up() {
    if (reason != null) {
      LOG.info("{} answers", name);
    }
    reason = null;
    logged.clear();
  }

  /** Notes that it is away, by the first line of the reason, without the password of an address. */
  public synchronized void down(String why) {
    String line = why.lines().findFirst().orElse("no reason given");
    String now = name + " is away: " + line.replaceAll("//[^@/\\s]*@", "//***@");
    if (reason == null) {
      losses.increment();
    }
    // While it is away the same few reasons come in turns.
    if (logged.size() < REASONS_MAX && logged.add(now)) {
      LOG.warn("{}", now);
    }
    reason = now;
  }

  /** Returns why the dependency cannot be used; empty while it answers. */
  public synchronized Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  public synchronized boolean isUp() {
    return reason == null;
  }

  /** Returns how often it was lost after it had answered. */
  public long losses() {
    return losses.sum();
  }
}

package targets.auction.bid;

import java.util.concurrent.atomic.AtomicLong;

/** Ids that no other process and no later one gives: a random name and a number. Thread-safe. */
final class EventIds {
  private final AtomicLong next = new AtomicLong();
  private final String process;

  /**
   * @param process a name that no other process has
   */
  EventIds(String process) {
    this.process = process;
  }

  /** A new one. */
  String next() {
    return process + "-" + next.incrementAndGet();
  }
}

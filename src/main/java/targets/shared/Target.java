package targets.shared;

/** A running system under load. */
public interface Target extends AutoCloseable {
  /** Returns the port that it listens on, also for port 0. */
  int port();

  /**
   * Drains and stops: takes no new work, ends what is under way properly and within the target's
   * own bound. Safe to call twice.
   */
  @Override
  void close();
}

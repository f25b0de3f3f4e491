package targets.shared;

/** A running system under load. */
public interface Target extends AutoCloseable {
  /** The port that it listens on, also where port 0 was asked for. */
  int port();

  /**
   * Drains and stops: takes no new work, ends what is under way properly and within the target's
   * own bound. Safe to call twice.
   */
  @Override
  void close();
}

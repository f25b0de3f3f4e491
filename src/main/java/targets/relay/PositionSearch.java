package targets.relay;

/**
 * Finds where in the store a conversation's tokens from a certain sequence on begin, by halving the
 * range: about 20 questions in a store of a million messages. Used by one thread.
 */
final class PositionSearch {
  private final long sequence;
  private long low = 1;
  private long high;
  private long best;

  /**
   * @param sequence the first token wanted
   * @param position of a token of the conversation that is wanted too
   */
  PositionSearch(long sequence, long position) {
    this.sequence = sequence;
    this.best = position;
    this.high = position - 1;
  }

  /** True when {@link #best} is the answer. */
  boolean isOver() {
    return low > high;
  }

  /** The position at which to ask for the conversation's next message. */
  long probe() {
    return low + (high - low) / 2;
  }

  /**
   * What was found there.
   *
   * @param position at or behind the probe
   * @param found its token's sequence
   */
  void found(long position, long found) {
    if (found >= sequence) {
      best = Math.min(best, position);
      high = found == sequence ? low - 1 : probe() - 1;
    } else {
      low = position + 1;
    }
  }

  /** Nothing was found there: it was forgotten meanwhile. */
  void foundNothing() {
    low = probe() + 1;
  }

  /** The smallest position known of a token that is wanted. */
  long best() {
    return best;
  }
}

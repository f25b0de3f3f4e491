package targets.relay.adapter;

/**
 * Finds the position in the store at which a conversation's tokens from a sequence on begin, by
 * halving the range: about 20 reads in a store of a million messages. Used by one thread.
 */
final class PositionSearch {
  private final long sequence;
  private long low = 1;
  private long high;
  private long best;

  /**
   * @param sequence first token to find
   * @param position of it or of a later token of the conversation
   */
  PositionSearch(long sequence, long position) {
    this.sequence = sequence;
    this.best = position;
    this.high = position - 1;
  }

  /** Returns true when {@link #best} is the answer. */
  boolean isOver() {
    return low > high;
  }

  /** Returns the position at which to read the conversation's next message. */
  long probe() {
    return low + (high - low) / 2;
  }

  /**
   * Takes what was read there.
   *
   * @param position at or behind the probe
   * @param found sequence of the token at it
   */
  void found(long position, long found) {
    if (found >= sequence) {
      best = Math.min(best, position);
      high = found == sequence ? low - 1 : probe() - 1;
    } else {
      low = position + 1;
    }
  }

  /** Takes that nothing was read there: it was deleted meanwhile. */
  void foundNothing() {
    low = probe() + 1;
  }

  /** Returns the smallest known position of a token with the sequence or a higher one. */
  long best() {
    return best;
  }
}

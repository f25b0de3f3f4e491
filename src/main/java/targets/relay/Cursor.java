package targets.relay;

/** Which token of its conversation a stream needs next. Used by one thread. */
final class Cursor {
  /** Any token may be the first. */
  static final long ANY = 0;

  private long next;

  /**
   * @param next the sequence needed next, or {@link #ANY}
   */
  Cursor(long next) {
    this.next = next;
  }

  /** Where a token stands. */
  enum Place {
    /** It is the one. */
    NEXT,
    /** Others should have come before it. */
    AHEAD,
    /** It, or one behind it, was there already. */
    BEHIND
  }

  Place place(long sequence) {
    if (next == ANY || sequence == next) {
      return Place.NEXT;
    }
    return sequence > next ? Place.AHEAD : Place.BEHIND;
  }

  /** The sequence needed next, or {@link #ANY}. */
  long next() {
    return next;
  }

  /** A token was passed on; those before it are not waited for any more. */
  void passed(long sequence) {
    next = Math.max(next, sequence + 1);
  }
}

package simulations.ticker;

/**
 * Checks that numbered events come once and in order, in constant memory. Not thread-safe.
 *
 * <p>An event that comes after a later one counts as late, and, because it was missing when the
 * later one came, as lost too.
 */
final class SequenceOrder {
  private long last;
  private long lost;
  private long duplicated;
  private long late;

  /** Expects the events after a number; none before it counts as lost. */
  void begin(long number) {
    last = number;
  }

  /**
   * Takes an event.
   *
   * @param number 1 more than that of the event before, if all is well
   * @param excused most events before it that were left out on purpose
   * @return number of those left out
   */
  long take(long number, long excused) {
    long ahead = number - last - 1;
    long left = 0;
    if (ahead == -1) {
      duplicated++;
    } else if (ahead < 0) {
      late++;
    } else {
      left = Math.min(ahead, excused);
      lost += ahead - left;
    }
    last = Math.max(last, number);
    return left;
  }

  long lost() {
    return lost;
  }

  long duplicated() {
    return duplicated;
  }

  long late() {
    return late;
  }
}

package simulations.run;

/**
 * Checks that numbered events come once and in order, in constant memory. Not thread-safe.
 *
 * <p>An event that comes after a later one counts as late, and, because it was missing when the
 * later one came, as lost too.
 */
public final class SequenceOrder {
  private long last;
  private long lost;
  private long duplicated;
  private long late;
  private long firstLost;

  /** Expects the events after a number; none before it counts as lost. */
  public void begin(long number) {
    last = number;
  }

  /**
   * Takes an event.
   *
   * @param number 1 more than that of the event before, if all is well
   * @param excused most events before it that were left out on purpose
   * @return number of those left out
   */
  public long take(long number, long excused) {
    long ahead = number - last - 1;
    long left = 0;
    if (ahead == -1) {
      duplicated++;
    } else if (ahead < 0) {
      late++;
    } else {
      left = Math.min(ahead, excused);
      firstLost = lost == 0 && ahead > left ? last + 1 : firstLost;
      lost += ahead - left;
    }
    last = Math.max(last, number);
    return left;
  }

  /** Returns the highest number so far. */
  public long last() {
    return last;
  }

  /** Returns the number of events that were missing when a later one came. */
  public long lost() {
    return lost;
  }

  /** Returns the first lost event; 0 if there is none. */
  public long firstLost() {
    return firstLost;
  }

  /** Returns the number of events that repeated the one before. */
  public long duplicated() {
    return duplicated;
  }

  /** Returns the number of events that came after a later one. */
  public long late() {
    return late;
  }

  /** Returns true if every event came once and in order. */
  public boolean isRight() {
    return lost + duplicated + late == 0;
  }
}

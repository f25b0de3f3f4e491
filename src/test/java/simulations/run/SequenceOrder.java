package simulations.run;

/**
 * Whether numbered events come once and in order, by a few numbers only. Not thread-safe.
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

  /** What follows this number is expected; nothing before it is missed. */
  public void begin(long number) {
    last = number;
  }

  /**
   * An event came.
   *
   * @param number 1 more than that of the event before, if all is well
   * @param excused of the events missing before it, how many at most were left out knowingly
   * @return how many were excused
   */
  public long take(long number, long excused) {
    long ahead = number - last - 1;
    long told = 0;
    if (ahead == -1) {
      duplicated++;
    } else if (ahead < 0) {
      late++;
    } else {
      told = Math.min(ahead, excused);
      firstLost = lost == 0 && ahead > told ? last + 1 : firstLost;
      lost += ahead - told;
    }
    last = Math.max(last, number);
    return told;
  }

  /** The highest number so far. */
  public long last() {
    return last;
  }

  /** Events that were missing when a later one came. */
  public long lost() {
    return lost;
  }

  /** The first of them; 0 if there is none. */
  public long firstLost() {
    return firstLost;
  }

  /** Events that had the same number as the one before. */
  public long duplicated() {
    return duplicated;
  }

  /** Events that came after a later one. */
  public long late() {
    return late;
  }

  /** True if nothing is wrong. */
  public boolean isRight() {
    return lost + duplicated + late == 0;
  }
}

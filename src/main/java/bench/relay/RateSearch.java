package bench.relay;

import java.util.List;
import java.util.OptionalInt;

/**
 * Where a lane's knee is: rates are tried as they rise until one does not hold, then the middle
 * between the last that held and the first that did not, a few times.
 *
 * @param rates in tokens a second, rising
 * @param refine how often the distance is halved
 * @param tries a rate holds if one of so many trials does
 * @param lowest no rate below this is tried
 */
record RateSearch(List<Integer> rates, int refine, int tries, int lowest) {
  /** Tries a rate. */
  interface Trial {
    /**
     * One step.
     *
     * @param attempt from 1
     * @return whether it held
     */
    boolean holds(int rate, int attempt) throws InterruptedException;
  }

  /**
   * What was found.
   *
   * @param holds the highest rate that held; empty if none did
   * @param fails the lowest that did not; empty if all held
   */
  record Found(OptionalInt holds, OptionalInt fails) {}

  /** Searches; at most {@code (rates + refine) * tries} steps are taken. */
  Found run(Trial trial) throws InterruptedException {
    int good = 0;
    int bad = 0;
    for (int rate : rates) {
      if (!holds(trial, rate)) {
        bad = rate;
        break;
      }
      good = rate;
    }
    for (int halving = 0; bad > 0 && halving < refine; halving++) {
      int middle = (good + bad) / 2;
      if (middle <= good || middle < lowest) {
        break;
      }
      if (holds(trial, middle)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return new Found(some(good), some(bad));
  }

  private boolean holds(Trial trial, int rate) throws InterruptedException {
    for (int attempt = 1; attempt <= tries; attempt++) {
      if (trial.holds(rate, attempt)) {
        return true;
      }
    }
    return false;
  }

  private static OptionalInt some(int rate) {
    return rate > 0 ? OptionalInt.of(rate) : OptionalInt.empty();
  }
}

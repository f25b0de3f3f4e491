package simulations.run;

import java.util.Map;
import java.util.function.LongSupplier;
import kpi.Distribution;
import kpi.Figure;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;
import kpi.Within;

/** Latencies and counts of one phase, or of one stage of it. Thread-safe. */
public record Recording(Phase phase, Recorders recorders, Tally tally, LongSupplier nanoClock) {
  /** The counter of streams, conversations or sockets that met every SLO. */
  public static final String GOOD = Tally.GOOD;

  /** Returns an empty recording of one stage of the measured phase. */
  public static Recording ofStage(LongSupplier nanoClock) {
    return new Recording(Phase.MEASURE, new Recorders(), new Tally(), nanoClock);
  }

  public Distribution of(Kpi kpi) {
    return recorders.of(phase, kpi);
  }

  /** Compares two latencies of one sample, of which one contains the other. */
  public void compare(Within pair, long partNs, long wholeNs) {
    tally.add(pair.counter(), partNs > wholeNs ? 1 : 0);
  }

  /** Returns the time now in monotonic nanoseconds. */
  public long nowNs() {
    return nanoClock.getAsLong();
  }

  /** Returns a counter; 0 if it never counted. */
  public long counted(String counter) {
    return tally.counters().getOrDefault(counter, 0L);
  }

  /** Counts a stream that ends now, as {@link #judge(long, long, long)}. */
  public void judge(long beyondNs, long fromNs) {
    judge(beyondNs, fromNs, nowNs());
  }

  /**
   * Counts a stream that was complete and correct.
   *
   * @param beyondNs how far it was beyond an SLO, of all of them the most; up to 0 if it met them
   * @param fromNs the first moment that can be why it was beyond it
   * @param toNs the last one
   */
  public void judge(long beyondNs, long fromNs, long toNs) {
    tally.add(GOOD, beyondNs <= 0 ? 1 : 0);
    if (beyondNs > 0) {
      recorders.missed(phase, fromNs, toNs, beyondNs);
    }
  }

  /** Returns the share of those not cancelled that ended well, by name; none if none ended. */
  public Map<String, Figure> success() {
    double percent = 100.0 * tally.ended(Outcome.OK) / tally.judged();
    return tally.judged() == 0
        ? Map.of()
        : Map.of(Kpi.SUCCESS_RATE.word(), Figure.of(Kpi.SUCCESS_RATE, percent));
  }

  /**
   * Returns the share of those not cancelled that were good, by name; none if none ended. Its upper
   * end leaves out those that missed an SLO while the generator was late, if others are left.
   */
  public Map<String, Figure> goodput() {
    long late = recorders.missedWhileLate();
    long judged = tally.judged();
    Double percent = 100.0 * counted(GOOD) / judged;
    Double most = judged > late ? 100.0 * counted(GOOD) / (judged - late) : 100;
    Figure figure =
        Figure.of(Kpi.GOODPUT, percent, late == 0 ? null : percent, late == 0 ? null : most);
    return judged == 0 ? Map.of() : Map.of(Kpi.GOODPUT.word(), figure);
  }
}

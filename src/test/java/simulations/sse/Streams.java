package simulations.sse;

import kpi.Kpi;
import org.HdrHistogram.ConcurrentHistogram;
import simulations.run.Recording;
import simulations.run.Slos;
import simulations.sse.SseSettings.StreamPlan;

/** The streams of one phase: their plan, their limits, and their recording. Thread-safe. */
final class Streams {
  private static final int DRIFT_DIGITS = 3;
  private static final double PPB_PER_PERCENT = 1e7;

  private final Recording recording;
  private final StreamPlan plan;
  private final long ttftNs;
  private final long gapP99Ns;
  private final long gapMaxNs;
  private final long e2eNs;
  private final ConcurrentHistogram drift = new ConcurrentHistogram(DRIFT_DIGITS);

  Streams(Recording recording, StreamPlan plan, Slos slos) {
    this.recording = recording;
    this.plan = plan;
    this.ttftNs = slos.maxNs(Kpi.TTFT);
    this.gapP99Ns = slos.ns("gap.p99");
    this.gapMaxNs = slos.maxNs(Kpi.GAP);
    this.e2eNs = slos.maxNs(Kpi.E2E);
  }

  Recording recording() {
    return recording;
  }

  StreamPlan plan() {
    return plan;
  }

  /** Returns true if a gap is longer than the p99 of a good stream's gaps. */
  boolean isLongGap(long gapNs) {
    return gapNs > gapP99Ns;
  }

  /**
   * Returns true for a good stream. Nearest rank: the p99 of n gaps is within a limit if at most
   * floor(n / 100) are beyond it.
   */
  boolean isGood(long streamTtftNs, int gaps, int longGaps, long maxGapNs) {
    return streamTtftNs <= ttftNs && longGaps <= gaps / 100 && maxGapNs <= gapMaxNs;
  }

  /** Returns true if a whole stream took no longer than a good one may. */
  boolean isSoonEnough(long streamE2eNs) {
    return streamE2eNs <= e2eNs;
  }

  /** Records how far a whole stream was off its planned pace, from the first to the last token. */
  void paced(long tookNs) {
    double plannedNs = plan.intervalMs() * 1e6 * (plan.tokens() - 1);
    drift.recordValue(Math.round(Math.abs(tookNs - plannedNs) / plannedNs * 1e9));
  }

  /** Returns the median over streams of how far the pace was off, in per cent; 100 if unknown. */
  double driftPct() {
    return drift.getTotalCount() == 0 ? 100 : drift.getValueAtPercentile(50) / PPB_PER_PERCENT;
  }
}

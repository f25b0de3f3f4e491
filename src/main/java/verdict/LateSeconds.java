package verdict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoublePredicate;
import kpi.Distribution;
import kpi.HistogramLogs;
import kpi.HistogramLogs.Interval;
import kpi.Kpi;
import kpi.Percentiles;
import kpi.Seconds;
import kpi.Stages;
import kpi.Timeline.Span;
import org.HdrHistogram.Histogram;
import verdict.Check.Outcome;

/**
 * The seconds in which a run's own generator was late, and its latencies without them: a limit that
 * is missed only because of them is no failure of the target.
 *
 * <p>For a limit on a statistic of a latency a second is late if the same statistic of {@link
 * Kpi#GENERATOR_LAG} in it takes up half of the limit's slack, and so is the one after it, in which
 * the generator catches up.
 */
final class LateSeconds {
  private static final double NS_PER_MS = 1e6;
  private static final double SLACK_SHARE = 0.5;

  /** The share of the values that must be left to judge by. */
  private static final double LEFT_SHARE = 0.5;

  /** How far the values of a time may differ in number from those of the stage in it. */
  private static final double STRAY_SHARE = 0.01;

  private final RunRecord run;
  private final FigureName figure;
  private final Histogram left = new Histogram(Distribution.DIGITS);
  private int leftS;
  private int allS;
  private long values;
  private double latestMs;
  private boolean late;

  /**
   * Finds the late seconds.
   *
   * @param figure a statistic of a latency
   * @param slackMs how much longer than planned the limit lets it be
   */
  LateSeconds(RunRecord run, FigureName figure, double slackMs) {
    this.run = run;
    this.figure = figure;
    Set<Double> onTime = new HashSet<>();
    each(
        Kpi.GENERATOR_LAG,
        lag -> {
          double lagMs = figure.ns(lag.values()) / NS_PER_MS;
          latestMs = Math.max(latestMs, lagMs);
          boolean catchesUp = late;
          late = lagMs >= SLACK_SHARE * slackMs;
          if (!late && !catchesUp) {
            onTime.add(lag.fromS());
          }
        });
    each(
        figure.kpi(),
        second -> {
          allS++;
          values += second.values().getTotalCount();
          if (onTime.contains(second.fromS())) {
            leftS++;
            left.add(second.values());
          }
        });
  }

  /**
   * Judges a missed limit without the late seconds.
   *
   * @param missed the check, which failed
   * @param holds whether a value meets the limit
   * @param bound the limit, in ms
   * @return the same check if the generator cannot be why it failed; WARN if it holds without the
   *     late seconds; INCONCLUSIVE if too little is left without them
   */
  Check judge(Check missed, DoublePredicate holds, double bound) {
    double missedBy = figure.value(run.report()).orElse(bound) - bound;
    if (leftS == allS || missedBy > Seconds.ENDS * latestMs || !areOfFigure()) {
      return missed;
    }
    OptionalDouble rest = Percentiles.of(figure.kpi(), left).stat(figure.stat());
    String without =
        missed.reason().replaceFirst("\\.$", "; without ")
            + (allS - leftS)
            + " of "
            + allS
            + " seconds, in which the generator itself was late by up to "
            + Numbers.words(latestMs, "ms");
    if (rest.isEmpty() || left.getTotalCount() < LEFT_SHARE * values) {
      return missed.inconclusive(without + ", too little is left to judge by.");
    }
    boolean kept = holds.test(rest.getAsDouble());
    String reason = without + ", it is " + Numbers.words(rest.getAsDouble(), "ms") + ".";
    return missed.with(kept ? Outcome.WARN : Outcome.FAIL, reason);
  }

  /** Returns false if the figure is of other values than those of its time. */
  private boolean areOfFigure() {
    Percentiles known = run.report().kpis().get(figure.name());
    return known != null && Math.abs(known.count() - values) <= STRAY_SHARE * values;
  }

  /** Reads the intervals of a KPI in the time of the figure's stage, or of the whole load. */
  private void each(Kpi kpi, Consumer<Interval> each) {
    List<Span> phases = run.manifest().phases();
    List<String> prefixes = Stages.among(List.of(figure.name()));
    String stage = " " + (prefixes.isEmpty() ? "" : Stages.label(prefixes.get(0)));
    List<Span> own = phases.stream().filter(phase -> phase.name().endsWith(stage)).toList();
    double fromS = own.isEmpty() ? 0 : own.get(0).startS();
    double toS =
        phases.stream()
            .filter(phase -> !own.isEmpty() && phase.startS() > fromS)
            .filter(phase -> phase.name().contains(" ") && !own.contains(phase))
            .mapToDouble(Span::startS)
            .findFirst()
            .orElse(Double.POSITIVE_INFINITY);
    try {
      HistogramLogs.read(
          run.folder(),
          kpi,
          interval -> {
            if (interval.toS() > fromS && interval.fromS() < toS) {
              each.accept(interval);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the histograms in " + run.folder(), e);
    }
  }
}

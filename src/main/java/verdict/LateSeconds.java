package verdict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import kpi.HistogramLogs;
import kpi.HistogramLogs.Interval;
import kpi.Kpi;
import kpi.Percentiles;
import kpi.Stages;
import kpi.Timeline.Span;
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

  /** A latency has two ends in the generator, the sending and the receiving. */
  private static final int ENDS = 2;

  /** How far the values of a time may differ in number from those of the stage in it. */
  private static final double STRAY_SHARE = 0.01;

  private final RunRecord run;
  private final FigureName figure;
  private final List<Interval> left = new ArrayList<>();
  private final List<Interval> all;
  private double latestMs;

  /**
   * Finds the late seconds.
   *
   * @param figure a statistic of a latency
   * @param slackMs how much longer than planned the limit lets it be
   */
  LateSeconds(RunRecord run, FigureName figure, double slackMs) {
    this.run = run;
    this.figure = figure;
    this.all = intervals(figure.kpi());
    Map<Double, Double> lagMs = new TreeMap<>();
    for (Interval lag : intervals(Kpi.GENERATOR_LAG)) {
      lagMs.put(lag.fromS(), figure.ns(lag.values()) / NS_PER_MS);
    }
    boolean before = false;
    for (Map.Entry<Double, Double> second : lagMs.entrySet()) {
      boolean late = second.getValue() >= SLACK_SHARE * slackMs;
      latestMs = Math.max(latestMs, second.getValue());
      if (!late && !before) {
        all.stream().filter(each -> each.fromS() == second.getKey()).forEach(left::add);
      }
      before = late;
    }
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
    long values = count(all);
    if (left.size() == all.size() || missedBy > ENDS * latestMs || !areOfFigure(values)) {
      return missed;
    }
    OptionalDouble rest = Percentiles.of(figure.kpi(), HistogramLogs.sum(left)).stat(figure.stat());
    String late =
        missed.reason().replaceFirst("\\.$", "; without ")
            + (all.size() - left.size())
            + " of "
            + all.size()
            + " seconds, in which the generator itself was late by up to "
            + Numbers.words(latestMs, "ms");
    if (rest.isEmpty() || count(left) < LEFT_SHARE * values) {
      return missed.inconclusive(late + ", too little is left to judge by.");
    }
    boolean kept = holds.test(rest.getAsDouble());
    String reason = late + ", it is " + Numbers.words(rest.getAsDouble(), "ms") + ".";
    return missed.with(kept ? Outcome.WARN : Outcome.FAIL, reason);
  }

  /** Returns false if the figure is of other values than those of its time. */
  private boolean areOfFigure(long values) {
    Percentiles known = run.report().kpis().get(figure.name());
    return known != null && Math.abs(known.count() - values) <= STRAY_SHARE * values;
  }

  private static long count(List<Interval> intervals) {
    return intervals.stream().mapToLong(each -> each.values().getTotalCount()).sum();
  }

  /** Returns the intervals of a KPI in the time of the figure's stage, or of the whole load. */
  private List<Interval> intervals(Kpi kpi) {
    List<Span> phases = run.manifest().phases();
    String stage = " " + (Stages.isOfStage(figure.name()) ? Stages.label(prefix()) : "");
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
      return HistogramLogs.intervals(run.folder(), kpi).stream()
          .filter(each -> each.toS() > fromS && each.fromS() < toS)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the histograms in " + run.folder(), e);
    }
  }

  private String prefix() {
    return figure.name().substring(0, figure.name().indexOf('.') + 1);
  }
}

package kpi;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * The measurements of several generators as those of one. A figure that does not follow from theirs
 * is unchecked, with the reason; no figure is an average of averages.
 */
public final class MergedReport {
  private static final String STAGES =
      "Its values were kept by no histogram log, so those of several generators cannot be merged.";
  private static final String OF_EACH =
      "It does not follow from the figures of the generators; each has its own.";
  private static final String OF_SOME =
      "Not every generator has it, so the largest of all is not known.";
  private static final String NONE_ENDED = "No stream ended.";
  private static final double US_PER_S = 1e6;

  /** Rates over the same steady load. */
  private static final Set<Kpi> SUMS = EnumSet.of(Kpi.MESSAGES_PER_S, Kpi.REQUESTS_PER_S);

  /** Of the generators themselves, or of targets that all of them see. */
  private static final Set<Kpi> LARGEST =
      EnumSet.of(
          Kpi.GC_PAUSE_MAX,
          Kpi.GC_SHARE,
          Kpi.GENERATOR_STALL,
          Kpi.LITTLES_LAW,
          Kpi.CLOCK_BOUND,
          Kpi.FOREIGN_CPU,
          Kpi.FOREIGN_WAIT,
          Kpi.STOLEN_CPU,
          Kpi.RSS_MAX,
          Kpi.RSS_GROWTH,
          Kpi.MEMORY_SLOPE,
          Kpi.FD_SLOPE,
          Kpi.THREAD_SLOPE,
          Kpi.CPU_CORES,
          Kpi.CPU_S);

  private final List<KpiReport> parts;
  private final Map<String, Histogram> measured;
  private final Seconds.Judged seconds;
  private final Map<String, Long> counters;
  private final Map<String, String> absent;
  private final Map<String, String> unchecked = new TreeMap<>();

  private MergedReport(
      List<KpiReport> parts, Map<String, Histogram> measured, Seconds.Judged seconds) {
    this.parts = parts;
    this.measured = measured;
    this.seconds = seconds;
    this.counters = merged(KpiReport::counters, Long::sum);
    // No sum of the most at once is the most at once.
    counters.keySet().removeIf(name -> name.endsWith("_max"));
    this.absent = merged(KpiReport::absent, (one, other) -> one);
    parts.forEach(part -> unchecked.putAll(part.unchecked()));
  }

  /** Merges reports, with all values by KPI in nanoseconds and the seconds of all generators. */
  public static KpiReport of(
      List<KpiReport> parts, Map<String, Histogram> measured, Seconds.Judged seconds) {
    return new MergedReport(parts, measured, seconds).report();
  }

  private KpiReport report() {
    Map<String, Percentiles> kpis = kpis();
    Map<String, Figure> figures = figures();
    absent.keySet().removeAll(figures.keySet());
    return new KpiReport(
        JsonFile.SCHEMA,
        parts.get(0).simulation(),
        parts.get(0).profile(),
        kpis,
        figures,
        counters,
        merged(KpiReport::offered, Double::sum),
        merged(KpiReport::achieved, Double::sum),
        absent,
        unchecked,
        SharedCounters.merge(parts));
  }

  private <T> Map<String, T> merged(Function<KpiReport, Map<String, T>> of, BinaryOperator<T> by) {
    Map<String, T> all = new TreeMap<>();
    parts.forEach(part -> of.apply(part).forEach((name, value) -> all.merge(name, value, by)));
    return all;
  }

  /** Counts and sums are those of the generators, to hold the histograms against. */
  private Map<String, Percentiles> kpis() {
    Map<String, Percentiles> all = new LinkedHashMap<>();
    for (String name : names(KpiReport::kpis)) {
      if (name.contains(".")) {
        unchecked.put(name, STAGES);
        continue;
      }
      List<Percentiles> of = all(KpiReport::kpis, name);
      long count = of.stream().mapToLong(Percentiles::count).sum();
      double ms = of.stream().mapToDouble(Percentiles::sumMs).sum();
      Histogram values = measured.getOrDefault(name, new Histogram(Distribution.DIGITS));
      Kpi kpi = Kpi.named(name).orElseThrow();
      all.put(name, Percentiles.of(kpi, values, new Percentiles.Sum(count, ms)));
    }
    return all;
  }

  private Map<String, Figure> figures() {
    Map<String, Figure> all = new LinkedHashMap<>();
    for (String name : names(KpiReport::figures)) {
      Kpi.named(name).ifPresent(kpi -> figure(name, kpi, all));
    }
    Figure events = all.get(Kpi.MESSAGES_PER_S.word());
    for (String name : List.copyOf(all.keySet())) {
      String process = name.substring(0, Math.max(0, name.lastIndexOf('.')));
      boolean isCpu = name.equals(Kpi.CPU_CORES.of(process)) && isTarget(process);
      if (isCpu && events != null && events.value() > 0) {
        double us = all.get(name).value() / events.value() * US_PER_S;
        all.put(Kpi.CPU_US_PER_EVENT.of(process), Figure.of(Kpi.CPU_US_PER_EVENT, us));
      }
    }
    return all;
  }

  private static boolean isTarget(String process) {
    return !process.equals(KpiReport.INJECTOR) && !process.equals(KpiReport.ALL_TARGETS);
  }

  private void figure(String name, Kpi kpi, Map<String, Figure> merged) {
    List<Figure> of = all(KpiReport::figures, name);
    boolean isLargest =
        LARGEST.contains(kpi) || name.equals(Kpi.CPU_US_PER_EVENT.of(KpiReport.INJECTOR));
    boolean all = of.size() == parts.size();
    if (SUMS.contains(kpi) && all) {
      merged.put(name, Figure.of(kpi, of.stream().mapToDouble(Figure::value).sum()));
    } else if (isLargest && all) {
      merged.put(name, of.stream().max(Comparator.comparingDouble(Figure::value)).orElseThrow());
    } else if (isLargest) {
      absent.put(name, OF_SOME);
    } else if (name.equals(Kpi.SUCCESS_RATE.word())) {
      share(kpi, Outcome.OK.counter(), merged);
    } else if (name.equals(Kpi.GOODPUT.word())) {
      share(kpi, Tally.GOOD, merged);
    } else if (kpi == Kpi.GOOD_SECONDS && seconds.figure().isPresent()) {
      merged.put(name, seconds.figure().get());
    } else {
      unchecked.putIfAbsent(name, OF_EACH);
    }
  }

  /**
   * Returns the share of a counter in the streams that ended and were not cancelled, with the most
   * that it may be if a generator was late; absent if none ended.
   */
  private void share(Kpi kpi, String counter, Map<String, Figure> merged) {
    double most = 0;
    long judged = 0;
    for (KpiReport part : parts) {
      long own = 0;
      for (Outcome outcome : Outcome.values()) {
        own += outcome == Outcome.CANCELLED ? 0 : part.counter(outcome.counter());
      }
      Figure figure = part.figures().get(kpi.word());
      most += figure == null || figure.high() == null ? 0 : own * (figure.high() - figure.value());
      judged += own;
    }
    if (judged == 0) {
      absent.put(kpi.word(), NONE_ENDED);
    } else {
      double share = 100.0 * counters.getOrDefault(counter, 0L) / judged;
      boolean exact = most == 0;
      Double high = exact ? null : share + most / judged;
      merged.put(kpi.word(), Figure.of(kpi, share, exact ? null : (Double) share, high));
    }
  }

  private <T> List<T> all(Function<KpiReport, Map<String, T>> of, String name) {
    return parts.stream().map(part -> of.apply(part).get(name)).filter(Objects::nonNull).toList();
  }

  private Set<String> names(Function<KpiReport, Map<String, ?>> of) {
    Set<String> names = new LinkedHashSet<>();
    parts.forEach(part -> names.addAll(of.apply(part).keySet()));
    return names;
  }
}

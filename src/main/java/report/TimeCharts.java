package report;

import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.KpiReport;
import verdict.Numbers;
import verdict.Threshold;

/**
 * The charts over time. The samples' keys select them, so that a simulation with other KPIs gets
 * its charts without a change here: {@code x_per_s} is a rate, {@code x_open} a level, {@code
 * x_p50_ms} a latency.
 */
record TimeCharts(Samples samples, KpiReport kpi, int cores) {
  private static final Pattern LATENCY = Pattern.compile("(.+)_(p\\d+|max)_ms");
  private static final String FAILED = "_failed";
  private static final String NO_SAMPLE = "No sample after the warm-up.";

  static List<Chart> of(RunFiles run) {
    int cores = run.manifest().machine().cpus();
    TimeCharts charts = new TimeCharts(run.samples(), run.kpi(), cores);
    List<Chart> all = new ArrayList<>();
    Set<String> keys = run.samples().keys();
    keys.stream().filter(key -> key.endsWith("_per_s")).map(charts::load).forEach(all::add);
    keys.stream().filter(key -> key.endsWith("_open")).map(charts::load).forEach(all::add);
    keys.stream().filter(key -> key.endsWith(FAILED)).map(charts::failures).forEach(all::add);
    Map<String, List<Matcher>> byKpi =
        keys.stream()
            .map(LATENCY::matcher)
            .filter(Matcher::matches)
            .collect(groupingBy(key -> key.group(1), LinkedHashMap::new, Collectors.toList()));
    byKpi.forEach((kpi, own) -> all.add(charts.latency(kpi, own)));
    all.add(charts.cpu());
    all.addAll(MemoryCharts.of(run));
    all.removeIf(chart -> chart.series().isEmpty());
    return all;
  }

  private Chart load(String key) {
    List<Double> values = samples.values(key);
    String summary =
        summary(
            values,
            of ->
                "Median %s, peak %s at %s s."
                    .formatted(whole(of.median()), whole(of.peak()), Numbers.plain(of.second())));
    List<Chart.Mark> marks = new ArrayList<>();
    Double offered = kpi.offered().get(key);
    if (offered != null) {
      marks.add(new Chart.Mark("offered", offered));
      summary += " Offered " + Shown.plain(offered) + ".";
    }
    String title = title(key.replaceFirst("_per_s$", " per second"));
    return new Chart(key, title, "", "area", summary, samples.series(key, "plain", values), marks);
  }

  /** Returns the failures of each second; the samples count them from the start. */
  private Chart failures(String key) {
    List<Double> total = samples.values(key);
    List<Double> each = new ArrayList<>();
    double before = 0;
    double sum = 0;
    for (Double value : total) {
      each.add(value == null ? null : Double.valueOf(value - before));
      before = value == null ? before : value;
      sum = before;
    }
    String kinds = Threshold.failures(Kpi.SUCCESS_RATE, kpi);
    String summary = Numbers.plain(sum) + " in all" + (kinds.isEmpty() ? "." : ": " + kinds + ".");
    List<Chart.Series> series = sum > 0 ? samples.series(key, "bad", each) : List.of();
    return new Chart(key, title(key) + " per second", "", "area", summary, series, List.of());
  }

  private Chart latency(String kpi, List<Matcher> keys) {
    List<Chart.Series> series = new ArrayList<>();
    List<String> summaries = new ArrayList<>();
    for (Matcher key : keys) {
      String stat = key.group(2);
      List<Double> values = samples.values(key.group());
      samples
          .typical(values)
          .ifPresent(
              of -> {
                series.addAll(samples.series(stat, role(stat), values));
                summaries.add(
                    "%s: %s ms in the median second, %s ms in the worst (%s s)."
                        .formatted(
                            stat,
                            Numbers.plain(of.median()),
                            Numbers.plain(of.peak()),
                            Numbers.plain(of.second())));
              });
    }
    String summary = String.join(" ", summaries);
    return new Chart(kpi + "-time", kpi, "ms", "line", summary, series, List.of());
  }

  private Chart cpu() {
    List<Chart.Series> series = samples.byProcess(1, "cpu_cores");
    List<Double> sums = new ArrayList<>();
    for (int at = 0; at < samples.lines().size(); at++) {
      int second = at;
      Stream<Double> all = series.stream().map(one -> one.values().get(second));
      sums.add(all.filter(Objects::nonNull).reduce(Double::sum).orElse(null));
    }
    String available = cores > 0 ? " of the machine's " + Numbers.plain(cores) : "";
    String summary =
        summary(
            sums,
            of ->
                ("All processes together: %s cores in the median second,"
                        + " %s%s in the busiest (%s s).")
                    .formatted(
                        Numbers.fixed(of.median(), 2),
                        Numbers.fixed(of.peak(), 2),
                        available,
                        Numbers.plain(of.second())));
    String limit = cores == 1 ? "1 core" : cores + " cores";
    List<Chart.Mark> marks = cores > 0 ? List.of(new Chart.Mark(limit, cores)) : List.of();
    return new Chart("cpu", "CPU", "cores", "stack", summary + samples.gaps(), series, marks);
  }

  private String summary(List<Double> values, Function<Samples.Typical, String> words) {
    return samples.typical(values).map(words).orElse(NO_SAMPLE);
  }

  private static String role(String percentile) {
    return switch (percentile) {
      case "p50" -> "typical";
      case "max" -> "extreme";
      default -> "tail";
    };
  }

  static String whole(double value) {
    return value < 10 ? Numbers.plain(value) : Numbers.fixed(value, 0);
  }

  private static String title(String key) {
    String words = key.replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}

package report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kpi.KpiReport;
import verdict.Numbers;

/**
 * The charts over time. The samples' keys select them, so that a simulation with other KPIs gets
 * its charts without a change here: {@code x_per_s} is a rate, {@code x_open} a level, {@code
 * x_p50_ms} a latency.
 */
final class TimeCharts {
  private static final Pattern LATENCY = Pattern.compile("(.+)_(p\\d+|max)_ms");
  private static final String FAILED = "_failed";

  private final Samples samples;
  private final KpiReport kpi;
  private final int cores;

  private TimeCharts(RunFiles run) {
    this.samples = run.samples();
    this.kpi = run.kpi();
    this.cores = run.manifest().machine().cpus();
  }

  /** Returns all charts for which there are samples. */
  static List<Chart> of(RunFiles run) {
    TimeCharts charts = new TimeCharts(run);
    List<Chart> all = new ArrayList<>();
    Set<String> keys = run.samples().keys();
    keys.stream().filter(key -> key.endsWith("_per_s")).map(charts::load).forEach(all::add);
    keys.stream().filter(key -> key.endsWith("_open")).map(charts::load).forEach(all::add);
    keys.stream().filter(key -> key.endsWith(FAILED)).map(charts::failures).forEach(all::add);
    charts.latencyKeys(keys).forEach((kpi, own) -> all.add(charts.latency(kpi, own)));
    all.add(charts.cpu());
    all.addAll(MemoryCharts.of(run));
    all.removeIf(chart -> chart.series().isEmpty());
    return all;
  }

  private Chart load(String key) {
    List<Double> values = samples.values(key);
    Samples.Peak peak = samples.peak(values);
    String summary =
        peak == null
            ? "No sample after the warm-up."
            : String.format(
                "Median %s, peak %s at %s s.",
                whole(samples.median(values)), whole(peak.value()), Numbers.plain(peak.second()));
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
    String kinds = Figures.Outcomes.of(kpi).failures();
    String summary = Numbers.plain(sum) + " in all" + (kinds.isEmpty() ? "." : ": " + kinds + ".");
    List<Chart.Series> series = sum > 0 ? samples.series(key, "bad", each) : List.of();
    return new Chart(key, title(key) + " per second", "", "area", summary, series, List.of());
  }

  private Map<String, Map<String, String>> latencyKeys(Set<String> keys) {
    Map<String, Map<String, String>> byKpi = new LinkedHashMap<>();
    for (String key : keys) {
      Matcher matcher = LATENCY.matcher(key);
      if (matcher.matches()) {
        byKpi
            .computeIfAbsent(matcher.group(1), kpi -> new LinkedHashMap<>())
            .put(matcher.group(2), key);
      }
    }
    return byKpi;
  }

  private Chart latency(String kpi, Map<String, String> keys) {
    List<Chart.Series> series = new ArrayList<>();
    String summary = "";
    for (Map.Entry<String, String> entry : keys.entrySet()) {
      List<Double> values = samples.values(entry.getValue());
      Samples.Peak peak = samples.peak(values);
      series.addAll(samples.series(entry.getKey(), role(entry.getKey()), values));
      if (peak != null) {
        summary +=
            String.format(
                "%s: %s ms in the median second, %s ms in the worst (%s s). ",
                entry.getKey(),
                Numbers.plain(samples.median(values)),
                Numbers.plain(peak.value()),
                Numbers.plain(peak.second()));
      }
    }
    String spoken = summary.isEmpty() ? "No sample after the warm-up." : summary.strip();
    return new Chart(kpi + "-time", kpi, "ms", "line", spoken, series, List.of());
  }

  private Chart cpu() {
    List<Chart.Series> series = samples.byProcess("cpu_cores", 1);
    List<Double> sums = new ArrayList<>(Collections.nCopies(samples.lines().size(), null));
    for (Chart.Series one : series) {
      for (int i = 0; i < sums.size(); i++) {
        Double value = one.values().get(i);
        if (value != null) {
          sums.set(i, (sums.get(i) == null ? 0 : sums.get(i)) + value);
        }
      }
    }
    Samples.Peak peak = samples.peak(sums);
    String of = cores > 0 ? " of the machine's " + Numbers.plain(cores) : "";
    String summary =
        peak == null
            ? "No sample after the warm-up."
            : String.format(
                "All processes together: %s cores in the median second,"
                    + " %s%s in the busiest (%s s).",
                Numbers.fixed(samples.median(sums), 2),
                Numbers.fixed(peak.value(), 2),
                of,
                Numbers.plain(peak.second()));
    List<Chart.Mark> marks =
        cores > 0
            ? List.of(new Chart.Mark(cores == 1 ? "1 core" : cores + " cores", cores))
            : List.of();
    return new Chart("cpu", "CPU", "cores", "stack", summary + samples.gaps(), series, marks);
  }

  private static String role(String percentile) {
    return switch (percentile) {
      case "p50" -> "typical";
      case "max" -> "extreme";
      default -> "tail";
    };
  }

  /** Returns a level without needless decimals. */
  static String whole(double value) {
    return value < 10 ? Numbers.plain(value) : Numbers.fixed(value, 0);
  }

  private static String title(String key) {
    String words = key.replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}

package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import verdict.Numbers;

/**
 * The charts over time. Which there are is read off the samples' keys, so that a simulation with
 * other KPIs gets its charts without a change here: {@code x_per_s} is a rate, {@code x_open} a
 * level, {@code x_p50_ms} a latency.
 */
final class TimeCharts {
  private static final Pattern LATENCY = Pattern.compile("(.+)_(p\\d+|max)_ms");
  private static final String FAILED = "_failed";

  private final Timeline time;
  private final JsonNode offered;
  private final Outcomes outcomes;
  private final ProcessSamples processes;
  private final int cores;

  private TimeCharts(RunFolder run, Timeline time) {
    this.time = time;
    this.offered = run.kpi().path("offered");
    this.cores = run.manifest().path("machine").path("cpus").asInt();
    this.outcomes = Outcomes.of(run.kpi());
    this.processes = ProcessSamples.of(run, time);
  }

  /** All charts that the samples give something for. */
  static List<Chart> of(RunFolder run, Timeline time) {
    TimeCharts charts = new TimeCharts(run, time);
    List<Chart> all = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>();
    time.samples().forEach(sample -> sample.fieldNames().forEachRemaining(keys::add));
    keys.stream().filter(key -> key.endsWith("_per_s")).map(charts::load).forEach(all::add);
    keys.stream().filter(key -> key.endsWith("_open")).map(charts::load).forEach(all::add);
    keys.stream().filter(key -> key.endsWith(FAILED)).map(charts::failures).forEach(all::add);
    charts.latencyKeys(keys).forEach((kpi, own) -> all.add(charts.latency(kpi, own)));
    all.add(charts.cpu());
    all.addAll(MemoryCharts.of(run, charts.processes));
    all.removeIf(chart -> chart.series().isEmpty());
    return all;
  }

  private Chart load(String key) {
    List<Double> values = time.values(sample -> sample.path(key));
    Timeline.Peak peak = time.peak(values);
    String summary =
        peak == null
            ? "No sample after the warm-up."
            : String.format(
                "Median %s, peak %s at %s s.",
                whole(time.median(values)), whole(peak.value()), Numbers.plain(peak.second()));
    List<Chart.Mark> marks = new ArrayList<>();
    if (offered.path(key).isNumber()) {
      marks.add(new Chart.Mark("offered", offered.path(key).asDouble()));
      summary += " Offered " + JsonNumbers.plain(offered.path(key)) + ".";
    }
    String title = title(key.replaceFirst("_per_s$", " per second"));
    return new Chart(key, title, "", "area", summary, time.series(key, "plain", values), marks);
  }

  /**
   * The samples count failures from the start; what a reader wants to see is when they happened.
   */
  private Chart failures(String key) {
    List<Double> total = time.values(sample -> sample.path(key));
    List<Double> each = new ArrayList<>();
    double before = 0;
    double sum = 0;
    for (Double value : total) {
      each.add(value == null ? null : Double.valueOf(value - before));
      before = value == null ? before : value;
      sum = before;
    }
    String kinds = outcomes.failures();
    String summary = Numbers.plain(sum) + " in all" + (kinds.isEmpty() ? "." : ": " + kinds + ".");
    List<Chart.Series> series = sum > 0 ? time.series(key, "bad", each) : List.of();
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
      List<Double> values = time.values(sample -> sample.path(entry.getValue()));
      Timeline.Peak peak = time.peak(values);
      series.addAll(time.series(entry.getKey(), role(entry.getKey()), values));
      if (peak != null) {
        summary +=
            String.format(
                "%s: %s ms in the median second, %s ms in the worst (%s s). ",
                entry.getKey(),
                Numbers.plain(time.median(values)),
                Numbers.plain(peak.value()),
                Numbers.plain(peak.second()));
      }
    }
    String spoken = summary.isEmpty() ? "No sample after the warm-up." : summary.strip();
    return new Chart(kpi + "-time", kpi, "ms", "line", spoken, series, List.of());
  }

  private Chart cpu() {
    List<Chart.Series> series = processes.series("cpu_cores", 1);
    List<Double> sums = time.values(sample -> sample.path("nothing"));
    for (Chart.Series one : series) {
      for (int i = 0; i < sums.size(); i++) {
        Double value = one.values().get(i);
        if (value != null) {
          sums.set(i, (sums.get(i) == null ? 0 : sums.get(i)) + value);
        }
      }
    }
    Timeline.Peak peak = time.peak(sums);
    String of = cores > 0 ? " of the machine's " + Numbers.plain(cores) : "";
    String summary =
        peak == null
            ? "No sample after the warm-up."
            : String.format(
                "All processes together: %s cores in the median second,"
                    + " %s%s in the busiest (%s s).",
                Numbers.fixed(time.median(sums), 2),
                Numbers.fixed(peak.value(), 2),
                of,
                Numbers.plain(peak.second()));
    List<Chart.Mark> marks =
        cores > 0
            ? List.of(new Chart.Mark(cores == 1 ? "1 core" : cores + " cores", cores))
            : List.of();
    return new Chart("cpu", "CPU", "cores", "stack", summary + processes.silence(), series, marks);
  }

  private static String role(String percentile) {
    return switch (percentile) {
      case "p50" -> "typical";
      case "max" -> "extreme";
      default -> "tail";
    };
  }

  /** A level, without decimals that nobody reads. */
  static String whole(double value) {
    return value < 10 ? Numbers.plain(value) : Numbers.fixed(value, 0);
  }

  private static String title(String key) {
    String words = key.replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}

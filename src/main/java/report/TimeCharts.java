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
import java.util.stream.Collectors;
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
  private final List<String> processes;
  private final int cores;

  private TimeCharts(RunFolder run, Timeline time) {
    this.time = time;
    this.offered = run.kpi().path("offered");
    this.cores = run.manifest().path("machine").path("cpus").asInt();
    Set<String> names = new LinkedHashSet<>();
    run.manifest().path("processes").forEach(name -> names.add(name.asText()));
    time.samples().forEach(s -> s.path("processes").fieldNames().forEachRemaining(names::add));
    this.processes = List.copyOf(names);
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
    all.add(charts.memory());
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
    return new Chart(key, title, "", "area", summary, series(key, "plain", values), marks);
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
    String summary = Numbers.plain(sum) + " in all.";
    List<Chart.Series> series = sum > 0 ? series(key, "bad", each) : List.of();
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
      series.addAll(series(entry.getKey(), role(entry.getKey()), values));
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
    List<Chart.Series> series = processSeries("cpu_cores", 1);
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
    return new Chart("cpu", "CPU", "cores", "stack", summary + silence(), series, marks);
  }

  private Chart memory() {
    List<Chart.Series> series = processSeries("rss_bytes", 1e6);
    StringBuilder summary = new StringBuilder("Largest:");
    for (Chart.Series one : series) {
      double largest =
          one.values().stream().filter(v -> v != null).mapToDouble(v -> v).max().orElse(0);
      summary.append(String.format(" %s %s MB,", one.name(), whole(largest)));
    }
    summary.setCharAt(summary.length() - 1, '.');
    return new Chart(
        "rss", "Resident memory", "MB", "line", summary + silence(), series, List.of());
  }

  private List<Chart.Series> processSeries(String key, double unit) {
    List<Chart.Series> all = new ArrayList<>();
    for (String process : processes) {
      List<Double> values =
          time.values(sample -> sample.path("processes").path(process).path(key)).stream()
              // Unknown figures are negative by the samples' convention.
              .map(value -> value == null || value < 0 ? null : Double.valueOf(value / unit))
              .collect(Collectors.toList());
      all.addAll(series(process, "plain", values));
    }
    return all;
  }

  private String silence() {
    StringBuilder silence = new StringBuilder();
    for (String process : processes) {
      long silent =
          time.samples().stream().filter(s -> s.path("processes").path(process).isNull()).count();
      if (silent > 0) {
        silence.append(
            String.format(" %s did not answer for %s s.", process, Numbers.plain((double) silent)));
      }
    }
    return silence.toString();
  }

  private List<Chart.Series> series(String name, String role, List<Double> values) {
    boolean empty = values.stream().allMatch(value -> value == null);
    return empty ? List.of() : List.of(new Chart.Series(name, role, time.seconds(), values));
  }

  private static String role(String percentile) {
    return switch (percentile) {
      case "p50" -> "typical";
      case "max" -> "extreme";
      default -> "tail";
    };
  }

  private static String whole(double value) {
    return value < 10 ? Numbers.plain(value) : Numbers.fixed(value, 0);
  }

  private static String title(String key) {
    String words = key.replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}

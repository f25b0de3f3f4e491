package report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kpi.Figure;
import kpi.Kpi;

/**
 * Memory over time: resident, in use, and the slope of its growth. In use are the heap after its
 * last collection and the direct buffers; of a process without a JVM only the resident set is
 * known, and {@code memory_slope} is then that of the resident set.
 */
record MemoryCharts(Samples samples, Map<String, Figure> figures) {
  private static final double BYTES_PER_MB = 1e6;

  static List<Chart> of(RunFiles run) {
    MemoryCharts charts = new MemoryCharts(run.samples(), run.kpi().figures());
    List<Chart.Series> resident = run.samples().byProcess(BYTES_PER_MB, "rss_bytes");
    List<Chart.Series> inUse =
        run.samples().byProcess(BYTES_PER_MB, "heap_live_bytes", "direct_bytes");
    List<Chart.Series> others = new ArrayList<>(resident);
    others.removeIf(one -> inUse.stream().anyMatch(jvm -> jvm.name().equals(one.name())));
    return List.of(
        charts.chart("rss", "Resident memory", resident, others),
        charts.chart("memory", "Memory in use: heap after collections + buffers", inUse, inUse));
  }

  private Chart chart(
      String id, String title, List<Chart.Series> levels, List<Chart.Series> sloping) {
    List<String> largest =
        levels.stream().map(p -> p.name() + " " + largest(p.values()) + " MB").toList();
    List<Chart.Series> series = new ArrayList<>(levels);
    List<String> slopes = new ArrayList<>();
    for (Chart.Series process : sloping) {
      Figure slope = figures.get(Kpi.MEMORY_SLOPE.of(process.name()));
      if (slope != null && Shown.finite(slope.value())) {
        slopes.add(process.name() + " " + words(slope));
        series.addAll(line(process, slope));
      }
    }
    String steady = " Slope under steady load, with its 95 % interval: ";
    String grows = slopes.isEmpty() ? "" : steady + String.join(", ", slopes) + ".";
    String summary = "Largest: " + String.join(", ", largest) + "." + grows + samples.gaps();
    return new Chart(id, title, "MB", "line", summary, series, List.of());
  }

  private static String largest(List<Double> values) {
    return TimeCharts.whole(values.stream().mapToDouble(v -> v == null ? 0 : v).max().orElse(0));
  }

  private static String words(Figure slope) {
    String interval = Shown.interval(slope.low(), slope.high(), slope.unit());
    return Shown.plain(slope.value(), slope.unit())
        + (slope.unit().isEmpty() ? "" : " " + slope.unit())
        + (interval.isEmpty() ? "" : " (" + interval + ")");
  }

  /**
   * Returns the slope through the middle of the phase in which the load was held, if it differs
   * from 0; others would be level lines on level lines.
   */
  private List<Chart.Series> line(Chart.Series process, Figure slope) {
    if (slope.low() == null || (slope.low() <= 0 && slope.high() >= 0)) {
      return List.of();
    }
    List<Double> x = process.x();
    List<Integer> held =
        IntStream.range(0, x.size())
            .filter(at -> samples.held(at) && process.values().get(at) != null)
            .boxed()
            .toList();
    double middle = held.stream().mapToDouble(x::get).average().orElse(0);
    double level = held.stream().mapToDouble(process.values()::get).average().orElse(0);
    List<Double> values = new ArrayList<>();
    for (int at = 0; at < x.size(); at++) {
      boolean drawn = !held.isEmpty() && samples.held(at);
      values.add(drawn ? Double.valueOf(level + (x.get(at) - middle) * slope.value()) : null);
    }
    return samples.series(process.name() + " slope", "trend", values);
  }
}

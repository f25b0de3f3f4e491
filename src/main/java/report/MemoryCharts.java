package report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    List<Chart.Series> resident = run.samples().byProcess("rss_bytes", BYTES_PER_MB);
    List<Chart.Series> heap = run.samples().byProcess("heap_live_bytes", BYTES_PER_MB);
    List<Chart.Series> direct = run.samples().byProcess("direct_bytes", BYTES_PER_MB);
    List<Chart.Series> inUse = heap.stream().map(one -> sum(one, direct)).toList();
    List<String> jvms = inUse.stream().map(Chart.Series::name).toList();
    List<Chart.Series> others =
        resident.stream().filter(one -> !jvms.contains(one.name())).toList();
    return List.of(
        charts.chart("rss", "Resident memory", resident, others, largest(resident, List.of())),
        charts.chart("memory", "Memory in use", inUse, inUse, largest(inUse, direct)));
  }

  private Chart chart(
      String id,
      String title,
      List<Chart.Series> levels,
      List<Chart.Series> sloping,
      String largest) {
    List<Chart.Series> series = new ArrayList<>(levels);
    List<String> slopes = new ArrayList<>();
    for (Chart.Series process : sloping) {
      Figure slope = figures.get(Kpi.MEMORY_SLOPE.of(process.name()));
      if (slope != null && Shown.finite(slope.value())) {
        slopes.add(process.name() + " " + words(slope));
        series.addAll(line(process, slope));
      }
    }
    String grows =
        slopes.isEmpty()
            ? ""
            : " Slope under steady load, with its 95 % interval: "
                + String.join(", ", slopes)
                + ".";
    String summary = largest + grows + samples.gaps();
    return new Chart(id, title, "MB", "line", summary, series, List.of());
  }

  private static String largest(List<Chart.Series> levels, List<Chart.Series> direct) {
    List<String> words = new ArrayList<>();
    for (Chart.Series one : levels) {
      String buffers =
          direct.stream()
              .filter(other -> other.name().equals(one.name()))
              .map(other -> ", direct buffers " + TimeCharts.whole(most(other)) + " MB")
              .findFirst()
              .orElse("");
      words.add(one.name() + " " + TimeCharts.whole(most(one)) + " MB" + buffers);
    }
    String what = direct.isEmpty() ? "" : "Heap after collection and direct buffers. ";
    return what + "Largest: " + String.join(direct.isEmpty() ? ", " : "; ", words) + ".";
  }

  private static double most(Chart.Series series) {
    return series.values().stream().filter(v -> v != null).mapToDouble(v -> v).max().orElse(0);
  }

  /** Returns heap and buffers of a process; unknown buffers count as none. */
  private static Chart.Series sum(Chart.Series heap, List<Chart.Series> direct) {
    List<Double> sums = new ArrayList<>(heap.values());
    for (Chart.Series buffers : direct) {
      for (int i = 0; buffers.name().equals(heap.name()) && i < sums.size(); i++) {
        Double more = buffers.values().get(i);
        if (sums.get(i) != null && more != null) {
          sums.set(i, sums.get(i) + more);
        }
      }
    }
    return new Chart.Series(heap.name(), heap.role(), heap.x(), sums);
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
    double seconds = 0;
    double level = 0;
    int count = 0;
    for (int i = 0; i < process.x().size(); i++) {
      if (samples.held(i) && process.values().get(i) != null) {
        seconds += process.x().get(i);
        level += process.values().get(i);
        count++;
      }
    }
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < process.x().size(); i++) {
      double from = process.x().get(i) - seconds / Math.max(1, count);
      boolean drawn = count > 0 && samples.held(i);
      values.add(drawn ? Double.valueOf(level / count + from * slope.value()) : null);
    }
    return samples.series(process.name() + " slope", "trend", values);
  }
}

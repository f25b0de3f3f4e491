package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory over time: what a process takes, what it has in use, and how fast that grows. In use are
 * the heap after its last collection and the direct buffers; of what is no JVM only the resident
 * set is known, and the slope is then that of the resident set, as {@code memory_slope} says.
 */
final class MemoryCharts {
  private static final double BYTES_PER_MB = 1e6;

  private final ProcessSamples processes;
  private final JsonNode figures;

  private MemoryCharts(RunFolder run, ProcessSamples processes) {
    this.processes = processes;
    this.figures = run.kpi().path("figures");
  }

  /** Resident memory and memory in use; without a series where nobody tells. */
  static List<Chart> of(RunFolder run, ProcessSamples processes) {
    MemoryCharts charts = new MemoryCharts(run, processes);
    List<Chart.Series> resident = processes.series("rss_bytes", BYTES_PER_MB);
    List<Chart.Series> heap = processes.series("heap_live_bytes", BYTES_PER_MB);
    List<Chart.Series> direct = processes.series("direct_bytes", BYTES_PER_MB);
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
      JsonNode slope = figures.path(process.name() + ".memory_slope");
      if (JsonNumbers.finite(slope.path("value"))) {
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
    String summary = largest + grows + processes.silence();
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

  /** Heap and buffers of a process; buffers that it does not tell count as none. */
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

  private static String words(JsonNode slope) {
    String unit = slope.path("unit").asText("");
    String interval = JsonNumbers.interval(slope, unit);
    return JsonNumbers.plain(slope.path("value"), unit)
        + (unit.isEmpty() ? "" : " " + unit)
        + (interval.isEmpty() ? "" : " (" + interval + ")");
  }

  /** Only a slope that differs from none is drawn; others would be level lines on level lines. */
  private List<Chart.Series> line(Chart.Series process, JsonNode slope) {
    boolean real = slope.path("low").asDouble() > 0 || slope.path("high").asDouble() < 0;
    return real ? line(process, slope.path("value").asDouble()) : List.of();
  }

  /** The slope through the middle of the phase in which the load was held. */
  private List<Chart.Series> line(Chart.Series process, double perSecond) {
    Timeline time = processes.time();
    double seconds = 0;
    double level = 0;
    int count = 0;
    for (int i = 0; i < process.x().size(); i++) {
      if (time.held(i) && process.values().get(i) != null) {
        seconds += process.x().get(i);
        level += process.values().get(i);
        count++;
      }
    }
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < process.x().size(); i++) {
      double from = process.x().get(i) - seconds / Math.max(1, count);
      boolean drawn = count > 0 && time.held(i);
      values.add(drawn ? Double.valueOf(level / count + from * perSecond) : null);
    }
    return time.series(process.name() + " slope", "trend", values);
  }
}

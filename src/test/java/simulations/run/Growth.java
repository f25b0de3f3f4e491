package simulations.run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import kpi.Figure;
import kpi.Kpi;
import kpi.Median;
import kpi.ProcessSample;
import kpi.Sample;
import kpi.TheilSen;
import kpi.TheilSen.Point;

/** The growth of one process, which shows leaks of memory, descriptors and threads. */
final class Growth {
  /** Number of samples that stand for each end of the measured phase. */
  private static final int END_SAMPLES = 3;

  /**
   * Shortest time from the first to the last point: several collections may fall into one second,
   * which is not typical of the process.
   */
  private static final double MEMORY_MIN_S = 20;

  private static final double BYTES_PER_MB = 1e6;

  private final String process;
  private final List<Sample> measured;
  private final List<List<Sample>> level;

  /**
   * @param samples those of the measured phase, oldest first
   * @param level those of each stretch of level load: between two stretches a leak and a larger
   *     load look the same
   */
  Growth(String process, List<Sample> samples, List<List<Sample>> level) {
    this.process = process;
    this.measured = answered(samples);
    this.level = level.stream().map(this::answered).toList();
  }

  private List<Sample> answered(List<Sample> samples) {
    return samples.stream().filter(sample -> at(sample) != null).toList();
  }

  private ProcessSample at(Sample sample) {
    return sample.processes().get(process);
  }

  /** Returns every figure with enough evidence, in the order of the catalogue. */
  Map<Kpi, Figure> figures() {
    Map<Kpi, Figure> figures = new EnumMap<>(Kpi.class);
    List<Point> resident = points(measured, ProcessSample::rssBytes, BYTES_PER_MB);
    int count = resident.size();
    if (count >= 2 * END_SAMPLES) {
      double first = median(resident.subList(0, END_SAMPLES));
      double last = median(resident.subList(count - END_SAMPLES, count));
      figures.put(Kpi.RSS_GROWTH, Figure.of(Kpi.RSS_GROWTH, last - first));
    }
    List<List<Point>> memory = memoryInUse();
    if (memory.stream().mapToDouble(Growth::lengthS).sum() >= MEMORY_MIN_S) {
      putSlope(figures, Kpi.MEMORY_SLOPE, memory);
    }
    putSlope(figures, Kpi.FD_SLOPE, points(ProcessSample::openFds));
    putSlope(figures, Kpi.THREAD_SLOPE, points(ProcessSample::threads));
    return figures;
  }

  /**
   * The resident set of a JVM grows for minutes while its heap is touched for the first time, and
   * never shrinks; its live memory is known after each collection: one point, in MB, for each
   * second in which one ended.
   */
  private List<List<Point>> memoryInUse() {
    boolean isJvm =
        level.stream().flatMap(List::stream).anyMatch(sample -> at(sample).heapBytes() > 0);
    return level.stream()
        .map(
            stretch ->
                isJvm
                    ? collections(stretch)
                    : points(stretch, ProcessSample::rssBytes, BYTES_PER_MB))
        .toList();
  }

  private List<Point> collections(List<Sample> stretch) {
    List<Point> points = new ArrayList<>();
    for (int i = 1; i < stretch.size(); i++) {
      ProcessSample now = at(stretch.get(i));
      boolean collected = now.gcCount() != at(stretch.get(i - 1)).gcCount();
      if (collected && now.heapLiveBytes() > 0) {
        double bytes = now.heapLiveBytes() + Math.max(0, now.directBytes());
        points.add(new Point(stretch.get(i).t(), bytes / BYTES_PER_MB));
      }
    }
    return points;
  }

  private static double lengthS(List<Point> points) {
    return points.isEmpty() ? 0 : points.get(points.size() - 1).x() - points.get(0).x();
  }

  private List<List<Point>> points(ToDoubleFunction<ProcessSample> figure) {
    return level.stream().map(stretch -> points(stretch, figure, 1)).toList();
  }

  /** A figure over time, in a larger unit; 0 stands for a process that does not report it. */
  private List<Point> points(
      List<Sample> samples, ToDoubleFunction<ProcessSample> figure, double unit) {
    return samples.stream()
        .map(sample -> new Point(sample.t(), figure.applyAsDouble(at(sample)) / unit))
        .filter(point -> point.y() > 0)
        .toList();
  }

  private static double median(List<Point> points) {
    return Median.of(points.stream().mapToDouble(Point::y)).orElseThrow();
  }

  private static void putSlope(Map<Kpi, Figure> figures, Kpi kpi, List<List<Point>> stretches) {
    TheilSen.of(stretches).ifPresent(line -> figures.put(kpi, Figure.of(kpi, line)));
  }
}

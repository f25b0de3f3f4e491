package simulations.run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import kpi.Figure;
import kpi.Kpi;
import kpi.Median;
import kpi.ProcessSample;
import kpi.Sample;
import kpi.TheilSen;

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
  private final List<Sample> steady;

  private record Point(double x, double y) {}

  /**
   * @param process its name in the run
   * @param samples those of the measured phase, oldest first
   */
  Growth(String process, List<Sample> samples) {
    this.process = process;
    measured = samples.stream().filter(sample -> at(sample) != null).toList();
    // Of several stages the last: between two of them a leak and a larger load look the same.
    String last =
        samples.stream()
            .map(Sample::phase)
            .filter(PhaseNames::isSteady)
            .reduce("", (earlier, later) -> later);
    steady = measured.stream().filter(sample -> sample.phase().equals(last)).toList();
  }

  private ProcessSample at(Sample sample) {
    return sample.processes().get(process);
  }

  /** Returns every figure with enough evidence, in the order of the catalogue. */
  Map<Kpi, Figure> figures() {
    Map<Kpi, Figure> figures = new EnumMap<>(Kpi.class);
    rssGrowth().ifPresent(mb -> figures.put(Kpi.RSS_GROWTH, Figure.of(Kpi.RSS_GROWTH, mb)));
    put(figures, Kpi.MEMORY_SLOPE, memoryInUse());
    put(figures, Kpi.FD_SLOPE, line(points(steady, ProcessSample::openFds)));
    put(figures, Kpi.THREAD_SLOPE, line(points(steady, ProcessSample::threads)));
    return figures;
  }

  private OptionalDouble rssGrowth() {
    List<Point> resident = points(measured, ProcessSample::rssBytes);
    int count = resident.size();
    if (count < 2 * END_SAMPLES) {
      return OptionalDouble.empty();
    }
    double first = median(resident.subList(0, END_SAMPLES));
    double last = median(resident.subList(count - END_SAMPLES, count));
    return OptionalDouble.of((last - first) / BYTES_PER_MB);
  }

  /**
   * The resident set of a JVM grows for minutes while its heap is touched for the first time, and
   * never shrinks; its live memory is known after each collection.
   */
  private Optional<TheilSen> memoryInUse() {
    boolean isJvm = steady.stream().anyMatch(sample -> at(sample).heapBytes() > 0);
    List<Point> bytes = isJvm ? afterCollections() : points(steady, ProcessSample::rssBytes);
    if (bytes.isEmpty() || bytes.get(bytes.size() - 1).x() - bytes.get(0).x() < MEMORY_MIN_S) {
      return Optional.empty();
    }
    return line(bytes.stream().map(at -> new Point(at.x(), at.y() / BYTES_PER_MB)).toList());
  }

  /** One point for each second in which a collection ended. */
  private List<Point> afterCollections() {
    List<Point> points = new ArrayList<>();
    for (int i = 1; i < steady.size(); i++) {
      ProcessSample now = at(steady.get(i));
      boolean collected = now.gcCount() != at(steady.get(i - 1)).gcCount();
      if (collected && now.heapLiveBytes() > 0) {
        double bytes = now.heapLiveBytes() + Math.max(0, now.directBytes());
        points.add(new Point(steady.get(i).t(), bytes));
      }
    }
    return points;
  }

  private static Optional<TheilSen> line(List<Point> points) {
    return TheilSen.of(
        points.stream().mapToDouble(Point::x).toArray(),
        points.stream().mapToDouble(Point::y).toArray());
  }

  private static double median(List<Point> points) {
    return Median.of(points.stream().mapToDouble(Point::y)).orElseThrow();
  }

  /** A figure over time; 0 stands for a process that does not report it. */
  private List<Point> points(List<Sample> samples, ToDoubleFunction<ProcessSample> figure) {
    return samples.stream()
        .map(sample -> new Point(sample.t(), figure.applyAsDouble(at(sample))))
        .filter(point -> point.y() > 0)
        .toList();
  }

  private static void put(Map<Kpi, Figure> figures, Kpi kpi, Optional<TheilSen> line) {
    line.ifPresent(found -> figures.put(kpi, Figure.of(kpi, found)));
  }
}

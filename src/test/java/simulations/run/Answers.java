package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import kpi.Distribution;
import kpi.Figure;
import kpi.Kpi;
import org.HdrHistogram.Histogram;

/** What the recorders make of events at known times: an example of each KPI's definition. */
public final class Answers {
  private static final double NS_PER_MS = 1e6;

  private Answers() {}

  /**
   * Asserts every value of a KPI up to now, to the three digits of a histogram.
   *
   * @param ms in ascending order
   */
  public static void assertAnswer(Recording recording, Kpi kpi, Double... ms) {
    assertAnswer(recording.of(kpi), kpi, ms);
  }

  /** Asserts the one figure of a KPI, by name or KPI, to the digits of a histogram. */
  public static void assertAnswer(Map<?, Figure> figures, Kpi kpi, double value) {
    List<Figure> found =
        figures.entrySet().stream()
            .filter(each -> (each.getKey() + "").matches("(?i)(.*\\.)?" + kpi.word()))
            .map(Map.Entry::getValue)
            .toList();
    assertThat(found).as(kpi.word()).extracting(Figure::unit).containsExactly(kpi.unit());
    assertAnswer(found.get(0).value(), kpi, value);
  }

  /** Likewise, of a number. */
  public static void assertAnswer(double found, Kpi kpi, double value) {
    assertThat(found).as(kpi.word()).isCloseTo(value, within(Math.abs(value) / 500));
  }

  /** Likewise, of a distribution apart from those of a recording. */
  public static void assertAnswer(Distribution values, Kpi kpi, Double... ms) {
    values.rotate();
    Histogram total = values.total();
    List<Double> recorded =
        StreamSupport.stream(total.recordedValues().spliterator(), false)
            .flatMap(
                value ->
                    Collections.nCopies(
                        (int) value.getCountAtValueIteratedTo(),
                        total.medianEquivalentValue(value.getValueIteratedTo()) / NS_PER_MS)
                        .stream())
            .toList();
    assertThat(recorded).as(kpi.word()).hasSameSizeAs(ms);
    for (int at = 0; at < ms.length; at++) {
      assertThat(recorded.get(at)).as(kpi.word()).isCloseTo(ms[at], within(ms[at] / 500));
    }
  }
}

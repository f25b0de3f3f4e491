package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.StreamSupport;
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
    recording.of(kpi).rotate();
    Histogram total = recording.of(kpi).total();
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

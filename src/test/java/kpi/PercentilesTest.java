package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentilesTest {
  /** The histograms keep three digits. */
  private static final Percentage DIGITS = Percentage.withPercentage(0.1);

  @Test
  void values_are_reported_in_ms_with_the_catalogues_words() {
    Percentiles ttft = Percentiles.of(Kpi.TTFT, oneToMs(10_000));

    assertThat(ttft.unit()).isEqualTo("ms");
    assertThat(ttft.direction()).isEqualTo("lower");
    assertThat(ttft.definition()).isEqualTo(Kpi.TTFT.definition());
    assertThat(ttft.count()).isEqualTo(10_000);
    assertThat(ttft.min()).isCloseTo(1, DIGITS);
    assertThat(ttft.mean()).isCloseTo(5_000.5, DIGITS);
    assertThat(ttft.p50()).isCloseTo(5_000, DIGITS);
    assertThat(ttft.p90()).isCloseTo(9_000, DIGITS);
    assertThat(ttft.p95()).isCloseTo(9_500, DIGITS);
    assertThat(ttft.p99()).isCloseTo(9_900, DIGITS);
    assertThat(ttft.p999()).isCloseTo(9_990, DIGITS);
    assertThat(ttft.max()).isCloseTo(10_000, DIGITS);
  }

  @ParameterizedTest
  @CsvSource({"50, 20", "90, 100", "95, 200", "99, 1000", "99.9, 10000"})
  void ten_samples_must_lie_beyond_a_percentile(double percentile, long needed) {
    assertThat(Percentiles.needed(percentile)).isEqualTo(needed);
  }

  @ParameterizedTest
  @CsvSource({"p50, 20", "p90, 100", "p95, 200", "p99, 1000", "p999, 10000"})
  void a_percentile_with_one_sample_too_few_is_absent(String stat, int needed) {
    assertThat(Percentiles.of(Kpi.GAP, oneToMs(needed - 1)).stat(stat)).isEmpty();
    assertThat(Percentiles.of(Kpi.GAP, oneToMs(needed)).stat(stat)).isPresent();
  }

  @Test
  void nothing_measured_is_nothing_and_not_zero() {
    Percentiles none = Percentiles.of(Kpi.GAP, oneToMs(0));

    assertThat(none.count()).isZero();
    assertThat(none.min()).isNull();
    assertThat(none.mean()).isNull();
    assertThat(none.max()).isNull();
    assertThat(none.stat("mean")).isEmpty();
  }

  @Test
  void a_single_value_has_a_mean_but_no_median() {
    Percentiles one = Percentiles.of(Kpi.GAP, oneToMs(1));

    assertThat(one.mean()).isCloseTo(1.0, DIGITS);
    assertThat(one.min()).isLessThanOrEqualTo(one.mean());
    assertThat(one.mean()).isLessThanOrEqualTo(one.max());
    assertThat(one.p50()).isNull();
  }

  @Test
  void statistics_have_names_and_no_others() {
    Percentiles ttft = Percentiles.of(Kpi.TTFT, oneToMs(10_000));

    assertThat(ttft.stat("min").orElseThrow()).isEqualTo(ttft.min(), within(0.0));
    assertThat(ttft.stat("mean").orElseThrow()).isEqualTo(ttft.mean(), within(0.0));
    assertThat(ttft.stat("p90").orElseThrow()).isEqualTo(ttft.p90(), within(0.0));
    assertThat(ttft.stat("p999").orElseThrow()).isEqualTo(ttft.p999(), within(0.0));
    assertThat(ttft.stat("max").orElseThrow()).isEqualTo(ttft.max(), within(0.0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ttft.stat("p98"))
        .withMessage("no statistic p98");
  }

  /** The values 1 ms, 2 ms … */
  private static Histogram oneToMs(int count) {
    Histogram histogram = new Histogram(1, Distribution.MAX_NS, 3);
    for (int ms = 1; ms <= count; ms++) {
      histogram.recordValue(ms * 1_000_000L);
    }
    return histogram;
  }
}

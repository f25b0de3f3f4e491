package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static simulations.run.LevelsTest.sample;

import java.util.List;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Sample;
import kpi.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunFiguresTest {
  @Test
  void what_a_process_never_reported_is_no_figure() {
    List<Sample> samples = List.of(sample(1, null, 0), sample(2, -1.0, 0));

    assertThat(RunFigures.reports(samples, "llm", Kpi.CPU_CORES)).isFalse();
    assertThat(RunFigures.reports(samples, "proxy", Kpi.RSS_MAX)).isFalse();
    assertThat(RunFigures.reports(samples, "llm", Kpi.RSS_MAX)).isTrue();
  }

  @Test
  void a_share_of_nothing_is_nothing() {
    assertThat(RunFigures.percent(0, 0)).isZero();
    assertThat(RunFigures.percent(1, 3)).isCloseTo(33.333, within(0.001));
  }

  /** 100 users have one stream each for 10 s: 1,000 stream-seconds, however it is measured. */
  @ParameterizedTest
  @CsvSource({
    "1, 1,     1,   0", // As it is.
    "1, 0.001, 1,   997", // A clock that counts microseconds.
    "2, 1,     2,   1000", // Each stream counts twice.
    "1, 1,     0.5, 498", // The samples miss half of them.
    "1, 1,   0.999, 0", // They err by chance.
  })
  void a_tally_that_is_wrong_contradicts_its_witnesses(
      int times, double unit, double seen, double unexplained) {
    Tally tally = new Tally();
    for (int stream = 0; stream < 100 * times; stream++) {
      tally.start(0);
      tally.end(Outcome.OK, Math.round(10e9 * unit));
    }
    assertThat(RunFigures.unexplained(tally.timeInSystemNs(0) / 1e9, 1_000 * seen, 1_000, 100))
        .isCloseTo(unexplained, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "5, 0", "6, 1", "-1, 1"})
  void a_target_may_have_those_beside_the_load_open_too(double more, double strange) {
    assertThat(RunFigures.strange(more, 5)).isEqualTo(strange);
  }
}

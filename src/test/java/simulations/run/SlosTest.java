package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlosTest {
  private static final Slos.Unit STREAM =
      new Slos.Unit("stream", List.of("ttft", "gap.p99", "gap.max"));

  @Test
  void a_limit_counts_in_nanoseconds() {
    Slos slos = slos("ttft < 1 s", "gap.p99 <= 150 ms");

    assertThat(slos.maxNs(Kpi.TTFT)).isEqualTo(1_000_000_000L);
    assertThat(slos.ns("gap.p99")).isEqualTo(150_000_000L);
    assertThat(slos.maxNs(Kpi.GAP)).isEqualTo(Long.MAX_VALUE);
    assertThat(slos.texts()).containsExactly("ttft.max < 1 s", "gap.p99 <= 150 ms");
  }

  @Test
  void two_limits_on_one_figure_are_an_error_that_names_both() {
    SuiteConfig config = Options.config("sse-battle", "slos", "ttft < 2 s, ttft.max < 1 s");
    Slos.read(config.reader(), Map.of(), STREAM);

    assertThat(Options.errors(config.reader()::finish))
        .containsExactly(
            "-Dslos: 'ttft < 2 s' and 'ttft.max < 1 s' are both about ttft.max; keep one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gap.p50 < 1 ms",
        "itl.max < 1 ms",
        "connect.max < 1 s",
        "goodput > 99 %",
        "ttft > 1 s",
        "gap.max >= 1 s"
      })
  void a_limit_that_no_single_stream_can_meet_or_one_from_below_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> slos(text))
        .withMessage(
            "'%s' is not a limit of a single stream; limit ttft, gap.p99 or gap.max from above",
            text);
  }

  @ParameterizedTest
  @CsvSource({"gap < 1 s, needs a statistic", "ttft, is not a limit"})
  void a_limit_is_read_as_it_is_written_and_never_guessed(String text, String error) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> slos(text))
        .withMessageStartingWith("'" + text + "' " + error);
  }

  private static Slos slos(String... texts) {
    return new Slos(Stream.of(texts).map(text -> STREAM.parse(text, Map.of())).toList());
  }
}

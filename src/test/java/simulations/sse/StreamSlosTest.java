package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamSlosTest {
  @Test
  void limits_find_their_places_in_nanoseconds() {
    StreamSlos slos = slos("ttft < 1 s", "gap.p99 < 150 ms", "gap.max < 1 s", "e2e < 11 s");

    assertThat(slos)
        .isEqualTo(
            new StreamSlos(
                1_000_000_000L,
                150_000_000L,
                1_000_000_000L,
                11_000_000_000L,
                List.of("ttft.max < 1 s", "gap.p99 < 150 ms", "gap.max < 1 s", "e2e.max < 11 s")));
  }

  @Test
  void the_tighter_of_two_limits_counts() {
    assertThat(slos("ttft < 2 s", "ttft < 1 s").ttftNs()).isEqualTo(1_000_000_000L);
  }

  @Test
  void what_is_not_limited_is_always_met() {
    assertThat(slos())
        .isEqualTo(
            new StreamSlos(
                Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gap.p50 < 1 ms", "itl.max < 1 ms", "connect.max < 1 s", "goodput > 99 %"})
  void a_limit_that_no_single_stream_can_meet_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> slos(text))
        .withMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ttft > 1 s", "gap.max >= 1 s"})
  void a_limit_from_below_is_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> slos(text));
  }

  private static StreamSlos slos(String... texts) {
    return StreamSlos.of(Stream.of(texts).map(text -> StreamSlos.limit(text, Map.of())).toList());
  }
}

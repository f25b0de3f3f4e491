package bench.bids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import stack.StackFailure;

class FloorTest {
  @Test
  void the_last_rate_printed_is_the_result() {
    String printed =
        "EVALSHA 1 2: rps=99.1 (overall: 98.7)\r"
            + "EVALSHA 1 2: 41000.50 requests per second, p50=0.8 msec\n"
            + "EVALSHA 1 2: 42407.12 requests per second, p50=0.7 msec\n";
    assertThat(Floor.rate(printed)).isEqualTo(42_407.12);
  }

  @Test
  void no_rate_is_told_with_what_was_printed() {
    assertThatThrownBy(() -> Floor.rate("ERR unknown command"))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("ERR unknown command");
  }

  @Test
  void a_mixture_takes_the_time_of_its_parts() {
    Floor floor = new Floor(10_000, 40_000);
    assertThat(floor.perS(1)).isEqualTo(10_000, within(1e-6));
    assertThat(floor.perS(0)).isEqualTo(40_000, within(1e-6));
    assertThat(floor.perS(0.5)).isEqualTo(16_000, within(1e-6));
  }
}

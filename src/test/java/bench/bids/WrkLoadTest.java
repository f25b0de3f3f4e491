package bench.bids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import stack.StackFailure;

class WrkLoadTest {
  @Test
  void what_the_script_printed_is_read_in_seconds_and_milliseconds() {
    WrkLoad.Told told =
        WrkLoad.read("Running 4s test\ngauntlet 8000 4000000 3 100 1500 9000 20000 55000\n");
    assertThat(told.requests()).isEqualTo(8000);
    assertThat(told.broken()).isEqualTo(3);
    assertThat(told.refused()).isEqualTo(100);
    assertThat(told.decidedPerS()).isEqualTo(1975, within(1e-6));
    assertThat(told.p50Ms()).isEqualTo(1.5);
    assertThat(told.p99Ms()).isEqualTo(20);
    assertThat(told.maxMs()).isEqualTo(55);
  }

  @Test
  void a_wrk_that_told_nothing_is_a_failure() {
    assertThatThrownBy(() -> WrkLoad.read("unable to connect"))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("unable to connect");
  }
}

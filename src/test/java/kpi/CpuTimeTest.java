package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuTimeTest {
  @Test
  void idle_and_waiting_time_are_summed() {
    CpuTime time = CpuTime.of("cpu  1 2 3 4000 50 6\ncpu0 1\ncpu1 2\nintr 3\n").orElseThrow();

    assertThat(time).isEqualTo(new CpuTime(40.5, 2));
  }

  @Test
  void the_rest_is_the_share_of_other_programs() {
    CpuTime before = new CpuTime(100, 2);
    CpuTime after = new CpuTime(112, 2);

    assertThat(after.othersPct(before, 10, 3)).isEqualTo(25);
    assertThat(after.othersPct(before, 10, 9)).isZero();
    assertThat(before.othersPct(before, 0, 0)).isZero();
  }

  @Test
  void a_text_of_another_system_has_no_time() {
    assertThat(CpuTime.of("")).isEmpty();
    assertThat(CpuTime.of("cpu  1 2 3 4 5 6\n")).isEmpty();
    assertThat(CpuTime.of("intr 1 2 3 4 5 6 7 8 9 10")).isEmpty();
  }
}

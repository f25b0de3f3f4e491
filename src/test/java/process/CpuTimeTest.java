package process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuTimeTest {
  @Test
  void programs_and_the_hypervisor_are_busy_and_interrupts_are_nobodys() {
    CpuTime time = CpuTime.of("cpu  100 20 30 4000 50 600 700 80 90 9\ncpu0 1 2 3\n").orElseThrow();

    assertThat(time.busyS()).isEqualTo(2.3);
    assertThat(time.allS()).isEqualTo(55.8);
  }

  @Test
  void what_is_not_ours_is_the_others() {
    CpuTime before = new CpuTime(100, 1_000);
    CpuTime after = new CpuTime(108, 1_020);

    assertThat(after.othersPct(before, 3)).isEqualTo(25);
    assertThat(after.othersPct(before, 9)).isZero();
    assertThat(before.othersPct(before, 0)).isZero();
  }

  @Test
  void a_text_of_another_system_tells_nothing() {
    assertThat(CpuTime.of("")).isEmpty();
    assertThat(CpuTime.of("cpu 1 2 3")).isEmpty();
    assertThat(CpuTime.of("intr 1 2 3 4 5 6 7 8 9 10")).isEmpty();
  }
}

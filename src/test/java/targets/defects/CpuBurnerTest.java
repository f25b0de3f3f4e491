package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuBurnerTest {
  private static final long MS = 1_000_000;

  /** Half a second of work, before the defect starts. */
  private static final long EARLIER = 500 * MS;

  private final SteppingCpu cpu = new SteppingCpu();

  @ParameterizedTest
  @CsvSource({"1", "20", "60", "100", "1000"})
  void the_process_uses_so_much_more_for_the_same_work(int percent) {
    CpuBurner burner = burner(percent, 1);
    long work = 0;
    for (int ms = 0; ms < 5_000; ms++) {
      cpu.work(MS / 2);
      work += MS / 2;
      payOff(burner);
    }
    assertThat(cpu.usedNs - EARLIER).isCloseTo(work * (100 + percent) / 100, share(1));
  }

  @Test
  void the_loops_share_what_is_burnt() {
    CpuBurner burner = burner(100, 4);
    for (int ms = 0; ms < 1_000; ms++) {
      cpu.work(2 * MS);
      Stream.generate(() -> burner).limit(4).forEach(CpuBurnerTest::payOff);
    }
    assertThat(cpu.usedNs - EARLIER).isCloseTo(2 * 2_000 * MS, share(2));
  }

  @Test
  void a_debt_is_paid_in_pieces_so_that_the_loop_can_work_in_between() {
    CpuBurner burner = burner(50, 1);
    cpu.work(10 * MS);
    List<Long> pieces = Stream.generate(() -> piece(burner)).limit(5).toList();
    assertThat(pieces)
        .allSatisfy(piece -> assertThat(piece).isCloseTo(MS, within(3 * SteppingCpu.CALL_NS)));
    assertThat(burner.look()).as("paid").isEqualTo(CpuBurner.LOOK_NS);
  }

  @Test
  void a_large_debt_is_paid_in_larger_pieces() {
    CpuBurner burner = burner(1_000, 1);
    cpu.work(80 * MS);
    assertThat(piece(burner)).isCloseTo(100 * MS, share(1));
    assertThat(burner.look()).as("not paid").isEqualTo(CpuBurner.BREAK_NS);
  }

  @Test
  void a_loop_that_owes_nothing_for_what_was_used_before_the_start_is_left_alone() {
    CpuBurner burner = burner(1_000, 1);
    assertThat(piece(burner)).isLessThan(5 * SteppingCpu.CALL_NS);
    assertThat(burner.look()).isEqualTo(CpuBurner.LOOK_NS);
  }

  private long piece(CpuBurner burner) {
    long before = cpu.usedNs;
    burner.look();
    return cpu.usedNs - before;
  }

  private static void payOff(CpuBurner burner) {
    while (burner.look() == CpuBurner.BREAK_NS) {
      // Each look pays a piece.
    }
  }

  private CpuBurner burner(int percent, int loops) {
    return new CpuBurner(percent * 1_000L, loops, cpu.clock());
  }

  private static Percentage share(int percent) {
    return Percentage.withPercentage(percent);
  }

  /**
   * One processor whose process clock goes in the kernel's steps; looking at a clock takes time.
   */
  private static final class SteppingCpu {
    private static final long CALL_NS = 1_000;
    private static final long STEP_NS = 10 * MS;

    private long usedNs = EARLIER;

    CpuBurner.Clock clock() {
      return new CpuBurner.Clock(() -> work(CALL_NS) / STEP_NS * STEP_NS, () -> work(CALL_NS));
    }

    long work(long ns) {
      usedNs += ns;
      return usedNs;
    }
  }
}

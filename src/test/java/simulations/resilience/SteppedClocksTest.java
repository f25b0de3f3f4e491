package simulations.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import faults.ClockStep;
import faults.FaultPlan.Strike;
import faults.FaultRun;
import faults.FaultRun.Moment;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simulations.run.Checks.Finding;
import simulations.run.Clock;
import verdict.Check.Outcome;

class SteppedClocksTest {
  private static final long MS = 1_000_000;
  private static final Strike STEP =
      new Strike(
          Duration.ZERO, Duration.ofSeconds(1), "bids", new ClockStep(Duration.ofMillis(500)));

  private Optional<Clock.Offset> offset = Optional.empty();
  private final SteppedClocks clocks = new SteppedClocks(whom -> offset);

  @Test
  void a_clock_that_was_off_as_planned_and_agreed_after_it_passes_and_is_stated() {
    read(Moment.STRUCK, 0);
    read(Moment.HEALING, -500 * MS - 1);
    read(Moment.HEALED, 1);
    Finding found = clocks.find();
    assertThat(found.outcome()).isEqualTo(Outcome.PASS);
    assertThat(found.reason())
        .startsWith("Against the injector's clock: bids 500 ms ahead while it was stepped, bids ");
  }

  @Test
  void a_clock_that_was_not_stepped_or_stayed_so_fails() {
    read(Moment.HEALING, 0);
    read(Moment.HEALED, -500 * MS);
    Finding found = clocks.find();
    assertThat(found.outcome()).isEqualTo(Outcome.FAIL);
    assertThat(found.reason()).contains("while it was stepped, bids 500 ms ahead after its repair");
  }

  @Test
  void a_clock_that_cannot_be_read_proves_nothing() {
    clocks.accept(new FaultRun.Event(STEP, Moment.HEALING, 0, Optional.empty()));
    read(Moment.HEALED, 0);
    assertThat(clocks.find().outcome()).isEqualTo(Outcome.INCONCLUSIVE);
  }

  private void read(Moment moment, long offsetNs) {
    offset = Optional.of(new Clock.Offset(offsetNs, MS));
    clocks.accept(new FaultRun.Event(STEP, moment, 0, Optional.empty()));
  }
}

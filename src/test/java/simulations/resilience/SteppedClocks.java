package simulations.resilience;

import faults.ClockStep;
import faults.FaultRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import simulations.run.Checks.Finding;
import simulations.run.Clock;
import verdict.Numbers;

/**
 * The times of day of targets whose clocks a plan steps, read before and after each repair.
 * Thread-safe.
 */
final class SteppedClocks implements Consumer<FaultRun.Event> {
  private static final double NS_PER_MS = 1e6;

  private final Function<String, Optional<Clock.Offset>> offsets;
  private final List<String> seen = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private boolean unread;

  /**
   * @param offsets of the injector's clock from that of a target now; empty if it cannot be read
   */
  SteppedClocks(Function<String, Optional<Clock.Offset>> offsets) {
    this.offsets = offsets;
  }

  @Override
  public void accept(FaultRun.Event event) {
    if (event.strike().what() instanceof ClockStep step) {
      String whom = event.strike().whom();
      switch (event.moment()) {
        case HEALING -> read(whom, "while it was stepped", step.by());
        case HEALED -> read(whom, "after its repair", Duration.ZERO);
        case STRUCK, FAILED -> {} // Not yet, or not at all, which another check reports.
      }
    }
  }

  private void read(String whom, String when, Duration planned) {
    Optional<Clock.Offset> offset = offsets.apply(whom);
    synchronized (this) {
      unread |= offset.isEmpty();
      offset.ifPresent(
          found -> {
            String apart = Numbers.words(Math.abs(found.ns()) / NS_PER_MS, "ms");
            String side = found.ns() < 0 ? "ahead" : "behind";
            String words = String.join(" ", whom, apart, side, when);
            boolean asPlanned = Math.abs(found.ns() + planned.toNanos()) <= found.boundNs();
            (asPlanned ? seen : wrong).add(words);
          });
    }
  }

  /** Judges whether the clocks were as far off as planned, and no longer than that. */
  synchronized Finding find() {
    String all = String.join(", ", wrong.isEmpty() ? seen : wrong);
    return Finding.of(
            wrong.isEmpty(),
            all,
            "as planned",
            "Against the injector's clock: " + all + ". No latency rests on stamps of that time.",
            "Not as planned, against the injector's clock: " + all + ".")
        .onlyIf(!unread || !wrong.isEmpty(), "A target did not report its time of day.");
  }
}

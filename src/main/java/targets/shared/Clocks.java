package targets.shared;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The clocks of a service.
 *
 * @param nano monotonic time in nanoseconds, for bounds and schedules
 * @param wall the time of day, for stamps
 */
public record Clocks(LongSupplier nano, InstantSource wall) {
  /** How far the time of day of this process is ahead of the machine's. */
  private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

  /** The clocks of this machine, whose time of day {@link #shift} sets for this process. */
  public static final Clocks SYSTEM =
      new Clocks(System::nanoTime, () -> Instant.now().plus(AHEAD.get()));

  private static final long NS_OF_S = 1_000_000_000L;

  /**
   * Steps the time of day of this process, as a correction of the machine's clock would; monotonic
   * time goes on.
   *
   * @param ahead of the machine's from now on; negative if behind
   */
  public static void shift(Duration ahead) {
    AHEAD.set(ahead);
  }

  public long nowNs() {
    return nano.getAsLong();
  }

  /** Returns nanoseconds since 1970, as the messages of all targets count them. */
  public long unixNs() {
    Instant now = wall.instant();
    return now.getEpochSecond() * NS_OF_S + now.getNano();
  }
}

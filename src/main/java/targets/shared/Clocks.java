package targets.shared;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The clocks of a service.
 *
 * @param nano monotonic time in nanoseconds, for bounds and schedules
 * @param wall the time of day, for stamps
 */
public record Clocks(LongSupplier nano, InstantSource wall) {
  /** The clocks of this machine. */
  public static final Clocks SYSTEM = new Clocks(System::nanoTime, InstantSource.system());

  private static final long NS_OF_S = 1_000_000_000L;

  public long nowNs() {
    return nano.getAsLong();
  }

  /** Returns nanoseconds since 1970, as the messages of all targets count them. */
  public long unixNs() {
    Instant now = wall.instant();
    return now.getEpochSecond() * NS_OF_S + now.getNano();
  }
}

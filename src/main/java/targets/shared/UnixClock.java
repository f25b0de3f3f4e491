package targets.shared;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Nanoseconds since 1970, as the messages of all targets count them. */
public final class UnixClock {
  private static final long NS_OF_S = 1_000_000_000L;

  private UnixClock() {}

  /** The same clock in nanoseconds, as fine as the clock itself. */
  public static LongSupplier of(InstantSource wall) {
    return () -> {
      Instant now = wall.instant();
      return now.getEpochSecond() * NS_OF_S + now.getNano();
    };
  }
}

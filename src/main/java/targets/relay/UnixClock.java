package targets.relay;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Nanoseconds since 1970, as all messages of the relay count them. */
final class UnixClock {
  private static final long NS_OF_S = 1_000_000_000L;

  private UnixClock() {}

  static LongSupplier of(InstantSource wall) {
    return () -> {
      Instant now = wall.instant();
      return now.getEpochSecond() * NS_OF_S + now.getNano();
    };
  }
}

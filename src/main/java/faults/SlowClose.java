package faults;

import java.time.Duration;
import java.util.Optional;

/**
 * Delays the end of a connection, not its bytes: each side takes the other one for alive.
 *
 * @param delay from a side's end until the other side sees it
 */
public record SlowClose(Direction direction, Duration delay) implements LinkFault {
  @Override
  public long endsNs(long nowNs) {
    return nowNs + delay.toNanos();
  }

  @Override
  public Optional<Toxiproxy.Toxic> toxic() {
    return Toxiproxy.Toxic.of("slow_close", "delay", delay.toMillis());
  }
}

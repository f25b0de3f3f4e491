package faults;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Delays all bytes. Their order stays, so that one that is late delays those behind it, as TCP
 * does.
 *
 * @param delay mean of the delays
 * @param jitter a delay differs from the mean by at most this much, uniformly; at most the delay
 */
public record Latency(Direction direction, Duration delay, Duration jitter) implements LinkFault {
  @Override
  public long passesNs(long nowNs, long previousNs, int bytes, SplittableRandom random) {
    double off = (2 * random.nextDouble() - 1) * jitter.toNanos();
    return nowNs + delay.toNanos() + (long) off;
  }

  @Override
  public long endsNs(long nowNs) {
    return nowNs + delay.toNanos();
  }

  @Override
  public Optional<Toxiproxy.Toxic> toxic() {
    return Toxiproxy.Toxic.of("latency", "latency", delay.toMillis(), "jitter", jitter.toMillis());
  }
}

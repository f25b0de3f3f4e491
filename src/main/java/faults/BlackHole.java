package faults;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Lets nothing through and closes nothing, as a dead route does. After it, the bytes held go on, as
 * TCP's retransmissions do. A new connection is accepted, by the kernel, and stays silent.
 */
public record BlackHole(Direction direction) implements LinkFault {
  @Override
  public long passesNs(long nowNs, long previousNs, int bytes, SplittableRandom random) {
    return NEVER;
  }

  @Override
  public long endsNs(long nowNs) {
    return NEVER;
  }

  @Override
  public Optional<Toxiproxy.Toxic> toxic() {
    return Toxiproxy.Toxic.of("timeout", "timeout", 0);
  }
}

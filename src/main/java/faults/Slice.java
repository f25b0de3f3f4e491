package faults;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Cuts the bytes into small pieces, each a packet of its own, which splits messages anywhere.
 *
 * @param bytes size limit of a piece, from 1
 * @param gap time between two pieces
 */
public record Slice(Direction direction, int bytes, Duration gap) implements LinkFault {
  @Override
  public int pieceBytes() {
    return bytes;
  }

  @Override
  public long passesNs(long nowNs, long previousNs, int size, SplittableRandom random) {
    return Math.max(nowNs, previousNs + gap.toNanos());
  }

  @Override
  public Optional<Toxiproxy.Toxic> toxic() {
    return Toxiproxy.Toxic.of("slicer", "average_size", bytes, "delay", gap.toNanos() / 1_000);
  }
}

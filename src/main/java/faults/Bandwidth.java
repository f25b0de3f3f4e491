package faults;

import java.util.Optional;
import java.util.SplittableRandom;

/** Limits the bytes per second, from 1, of each connection and direction. */
public record Bandwidth(Direction direction, int rate) implements LinkFault {
  private static final int PIECES_PER_S = 50;

  @Override
  public int pieceBytes() {
    return Math.max(1, rate / PIECES_PER_S);
  }

  @Override
  public long passesNs(long nowNs, long previousNs, int bytes, SplittableRandom random) {
    return Math.max(nowNs, previousNs) + bytes * 1_000_000_000L / rate;
  }

  @Override
  public Optional<Toxiproxy.Toxic> toxic() {
    return Toxiproxy.Toxic.of("bandwidth", "rate", Math.max(1, rate / 1_000));
  }
}

package simulations.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The clocks of this process. On one Linux host, the monotonic clock is the same in every process,
 * and the host's boot id tells whether two processes are on one. Between hosts there is only the
 * time since 1970, corrected by how far each is from Redis's own clock.
 *
 * @param monotonic nanoseconds, for what happens in one process or on one host
 * @param wall time since 1970
 * @param host the host's boot id; empty where the system has none
 * @param offset this clock less Redis's; empty if it was not asked
 */
record Clock(
    LongSupplier monotonic, InstantSource wall, Optional<String> host, Optional<Offset> offset) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final long NS_PER_S = 1_000_000_000L;

  /**
   * How far two clocks are apart.
   *
   * @param ns the estimate
   * @param boundNs the truth is at most so far from it
   */
  record Offset(long ns, long boundNs) {
    /** The best of two estimates of the same. */
    Offset better(Offset other) {
      return boundNs <= other.boundNs ? this : other;
    }

    /**
     * From one question: the other clock was read somewhere between asking and hearing (Cristian
     * 1989).
     */
    static Offset of(long askedNs, long otherNs, long heardNs) {
      long half = (heardNs - askedNs) / 2;
      return new Offset(askedNs + half - otherNs, half);
    }
  }

  /** The clocks of this process, without an offset. */
  static Clock here(LongSupplier monotonic) {
    return new Clock(monotonic, InstantSource.system(), bootId(), Optional.empty());
  }

  Clock with(Offset known) {
    return new Clock(monotonic, wall, host, Optional.of(known));
  }

  long nanos() {
    return monotonic.getAsLong();
  }

  /** Nanoseconds since 1970. */
  long unixNs() {
    Instant now = wall.instant();
    return now.getEpochSecond() * NS_PER_S + now.getNano();
  }

  /**
   * How long ago a producer's moment was.
   *
   * @param plan what the producer says of it
   */
  OptionalLong sinceNs(TokenEvent.Plan plan) {
    if (isHere(plan)) {
      return OptionalLong.of(nanos() - plan.monotonicNs());
    }
    return OptionalLong.of(
        unixNs() - offset.map(Offset::ns).orElse(0L) - (plan.unixNs() - plan.offsetNs()));
  }

  /**
   * How wrong {@link #sinceNs} can be; empty if nobody can tell.
   *
   * @param plan what the producer says
   */
  OptionalLong boundNs(TokenEvent.Plan plan) {
    if (isHere(plan)) {
      return OptionalLong.of(0);
    }
    return offset.isPresent() && plan.boundNs() >= 0
        ? OptionalLong.of(offset.get().boundNs() + plan.boundNs())
        : OptionalLong.empty();
  }

  private boolean isHere(TokenEvent.Plan plan) {
    return host.isPresent() && plan.host().equals(host.get());
  }

  private static Optional<String> bootId() {
    try {
      return Optional.of(Files.readString(BOOT_ID).strip());
    } catch (IOException e) {
      return Optional.empty(); // Not Linux: then the time since 1970 is all there is.
    }
  }
}

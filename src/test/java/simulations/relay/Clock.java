package simulations.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.LongSupplier;

/**
 * The clocks of this process. On one Linux host, the monotonic clock is the same in every process,
 * and the host's boot id shows whether two processes share it. Between hosts there is only the time
 * since 1970, corrected by the offset of each from Redis's own clock.
 *
 * @param monotonic nanoseconds
 * @param host the host's boot id; empty where the system has none
 * @param offset this clock less Redis's
 */
record Clock(LongSupplier monotonic, InstantSource wall, String host, Offset offset) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** The largest error of an offset that was not measured. */
  private static final long UNKNOWN = -1;

  /** An estimate of the offset between two clocks, and its largest error. */
  record Offset(long ns, long boundNs) {
    static final Offset NOT_MEASURED = new Offset(0, UNKNOWN);

    /**
     * Returns the estimate of one round trip: the other clock was read between request and answer
     * (Cristian 1989).
     */
    static Offset of(long requestNs, long otherNs, long answerNs) {
      long half = (answerNs - requestNs) / 2;
      return new Offset(requestNs + half - otherNs, half);
    }
  }

  /** The agreement of the clocks of producer and consumer, over all tokens. Thread-safe. */
  static final class Agreement {
    private final LongAccumulator boundMaxNs = new LongAccumulator(Math::max, 0);
    private final LongAccumulator lagMinNs = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final AtomicBoolean unknown = new AtomicBoolean();

    /**
     * Records the lag of a token, below 0 if the clocks contradict each other.
     *
     * @param boundNs its largest error; below 0 if it is unknown
     */
    void on(long lagNs, long boundNs) {
      lagMinNs.accumulate(lagNs);
      boundMaxNs.accumulate(boundNs);
      if (boundNs < 0) {
        unknown.set(true);
      }
    }

    OptionalLong boundNs() {
      return unknown.get() ? OptionalLong.empty() : OptionalLong.of(boundMaxNs.get());
    }

    /** Returns true if no token came before it was due, by more than the bound. */
    boolean isPossible() {
      return lagMinNs.get() >= -boundMaxNs.get();
    }

    /** Returns the shortest lag, which may be below 0; {@link Long#MAX_VALUE} without tokens. */
    long lagMinNs() {
      return lagMinNs.get();
    }
  }

  static Clock here(LongSupplier monotonic) {
    return new Clock(monotonic, InstantSource.system(), bootId(), Offset.NOT_MEASURED);
  }

  Clock with(Offset known) {
    return new Clock(monotonic, wall, host, known);
  }

  long nanos() {
    return monotonic.getAsLong();
  }

  long unixNs() {
    return ChronoUnit.NANOS.between(Instant.EPOCH, wall.instant());
  }

  /** Returns the plan of a token that is due at a moment of the monotonic clock. */
  TokenEvent.Plan plan(long dueNs) {
    return new TokenEvent.Plan(
        unixNs() - (nanos() - dueNs), dueNs, host, offset.ns, offset.boundNs);
  }

  long sinceNs(TokenEvent.Plan plan) {
    return isHere(plan)
        ? nanos() - plan.monotonicNs()
        : unixNs() - offset.ns - (plan.unixNs() - plan.offsetNs());
  }

  /** Returns the largest error of {@link #sinceNs}; below 0 if it is unknown. */
  long boundNs(TokenEvent.Plan plan) {
    if (isHere(plan)) {
      return 0;
    }
    return offset.boundNs < 0 || plan.boundNs() < 0 ? UNKNOWN : offset.boundNs + plan.boundNs();
  }

  private boolean isHere(TokenEvent.Plan plan) {
    return !host.isEmpty() && host.equals(plan.host());
  }

  private static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return ""; // Not Linux: then the time since 1970 is all there is.
    }
  }
}

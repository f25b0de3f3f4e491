package simulations.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import simulations.run.Checks.Finding;
import verdict.Check.Outcome;
import verdict.Numbers;

/**
 * The clocks of this process. On one Linux host, the monotonic clock is the same in every process,
 * and the host's boot id shows whether two processes share it. Between hosts there is only the time
 * since 1970, corrected by the offset of each from a third clock.
 *
 * @param monotonic nanoseconds
 * @param host the host's boot id; empty where the system has none
 * @param offset this clock less the third one
 */
public record Clock(LongSupplier monotonic, InstantSource wall, String host, Offset offset) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private static final int READS = 20;
  private static final double NS_PER_MS = 1e6;

  /** The largest error of an offset that was not measured. */
  private static final long UNKNOWN = -1;

  /** An estimate of the offset between two clocks, and its largest error. */
  public record Offset(long ns, long boundNs) {
    public static final Offset NOT_MEASURED = new Offset(0, UNKNOWN);

    /**
     * Returns the estimate of one round trip: the other clock was read between request and answer
     * (Cristian 1989).
     */
    public static Offset of(long requestNs, long otherNs, long answerNs) {
      long half = (answerNs - requestNs) / 2;
      return new Offset(requestNs + half - otherNs, half);
    }

    /** Returns the best of some readings: the one with the quickest answer. */
    public static Offset best(Supplier<Offset> reading) {
      return Stream.generate(reading)
          .limit(READS)
          .min(Comparator.comparingLong(Offset::boundNs))
          .orElseThrow();
    }

    /** Judges the clock of a process on the same host, which must be this one's. */
    public Finding same(String process) {
      String apart = Numbers.words(Math.abs(ns) / NS_PER_MS, "ms");
      String within = Numbers.words(boundNs / NS_PER_MS, "ms");
      return Finding.of(
          Math.abs(ns) <= boundNs,
          apart,
          "<= " + within,
          "The clocks of %s and injector agree to within %s.".formatted(process, within),
          "The clock of %s is %s %s that of the injector: lags are wrong by as much."
              .formatted(process, apart, ns < 0 ? "ahead of" : "behind"));
    }
  }

  /**
   * A moment by the clocks of another process.
   *
   * @param unixNs by its clock, since 1970
   * @param monotonicNs by its host's monotonic clock
   * @param host that host's boot id; may be empty
   * @param offsetNs its clock less the third one
   * @param boundNs largest error of the offset; below 0 or absent if it is unknown
   */
  public record Stamp(
      @JsonProperty("unix") long unixNs,
      @JsonProperty("monotonic") long monotonicNs,
      String host,
      @JsonProperty("offset") long offsetNs,
      @JsonProperty("bound") Long boundNs) {
    /** Without a bound, it is unknown. */
    public Stamp {
      boundNs = boundNs == null ? -1L : boundNs;
    }

    /** Returns a JSON object. */
    public String json() {
      return String.format(
          Locale.ROOT,
          "{\"unix\":%d,\"monotonic\":%d,\"host\":\"%s\",\"offset\":%d,\"bound\":%d}",
          unixNs,
          monotonicNs,
          host,
          offsetNs,
          boundNs);
    }
  }

  /** The agreement of the clocks of producer and consumer, over all lags. Thread-safe. */
  public static final class Agreement {
    private final LongAccumulator boundMaxNs = new LongAccumulator(Math::max, 0);
    private final LongAccumulator lagMinNs = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final AtomicBoolean unknown = new AtomicBoolean();

    /**
     * Records a lag, below 0 if the clocks contradict each other.
     *
     * @param boundNs its largest error; below 0 if it is unknown
     */
    public void on(long lagNs, long boundNs) {
      lagMinNs.accumulate(lagNs);
      boundMaxNs.accumulate(boundNs);
      if (boundNs < 0) {
        unknown.set(true);
      }
    }

    public OptionalLong boundNs() {
      return unknown.get() ? OptionalLong.empty() : OptionalLong.of(boundMaxNs.get());
    }

    /** Returns true if nothing came before it was due, by more than the bound. */
    public boolean isPossible() {
      return lagMinNs.get() >= -boundMaxNs.get();
    }

    /** Judges what is known of clocks that need not be the same. */
    public Finding find() {
      String limit = "nothing before it was sent";
      if (!isPossible()) {
        String lowest = Numbers.words(-lagMinNs() / NS_PER_MS, "ms");
        String reason =
            "A message came %s before it was due: the clocks of producer and consumer differ;"
                + " synchronise them (a token relay: or give both the same -Dredis.url).";
        return new Finding(Outcome.FAIL, lowest, limit, reason.formatted(lowest));
      }
      if (boundNs().isEmpty()) {
        String reason =
            "Lags compare the clocks of two hosts, whose offset is unknown; give both processes"
                + " the same -Dredis.url.";
        return new Finding(Outcome.WARN, "unknown", "known", reason);
      }
      String within = Numbers.words(boundNs().getAsLong() / NS_PER_MS, "ms");
      String reason =
          boundNs().getAsLong() == 0
              ? "Producer and consumer read the monotonic clock of one host."
              : "Lags compare the clocks of two hosts, corrected by Redis's to within %s.";
      return new Finding(Outcome.PASS, within, limit, reason.formatted(within));
    }

    /** Returns the shortest lag, which may be below 0; {@link Long#MAX_VALUE} without any. */
    long lagMinNs() {
      return lagMinNs.get();
    }
  }

  public static Clock here(LongSupplier monotonic) {
    return new Clock(monotonic, InstantSource.system(), bootId(), Offset.NOT_MEASURED);
  }

  public Clock with(Offset known) {
    return new Clock(monotonic, wall, host, known);
  }

  public long nanos() {
    return monotonic.getAsLong();
  }

  public long unixNs() {
    return unixNs(wall.instant());
  }

  /** Returns nanoseconds since 1970. */
  static long unixNs(Instant moment) {
    return ChronoUnit.NANOS.between(Instant.EPOCH, moment);
  }

  /** Returns a moment of the monotonic clock as this process stamps it. */
  public Stamp stamp(long dueNs) {
    return new Stamp(unixNs() - (nanos() - dueNs), dueNs, host, offset.ns, offset.boundNs);
  }

  public long sinceNs(Stamp stamp) {
    return isHere(stamp)
        ? nanos() - stamp.monotonicNs()
        : unixNs() - offset.ns - (stamp.unixNs() - stamp.offsetNs());
  }

  /** Returns the largest error of {@link #sinceNs}; below 0 if it is unknown. */
  public long boundNs(Stamp stamp) {
    if (isHere(stamp)) {
      return 0;
    }
    return offset.boundNs < 0 || stamp.boundNs() < 0 ? UNKNOWN : offset.boundNs + stamp.boundNs();
  }

  private boolean isHere(Stamp stamp) {
    return !host.isEmpty() && host.equals(stamp.host());
  }

  private static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return ""; // Not Linux: then the time since 1970 is all there is.
    }
  }
}

package simulations.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import simulations.run.Checks.Finding;
import verdict.Numbers;

/** The moment at which several generators begin to measure; one alone begins when it is ready. */
final class CommonStart {
  /** Users come so early, and wait. */
  private static final long LEAD_NS = 1_000_000_000;

  private static final double NS_PER_MS = 1e6;

  private final LongSupplier nanoClock;
  private final OptionalLong atNs;
  private long lateNs;

  CommonStart(Optional<Shard.Start> start, Instant now, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    long nowNs = nanoClock.getAsLong();
    this.atNs = start.stream().mapToLong(each -> nowNs + untilNs(now, each)).findFirst();
  }

  private static long untilNs(Instant now, Shard.Start start) {
    return Duration.between(now, start.at()).toNanos();
  }

  /** Returns true if it is not near yet. */
  boolean isEarly() {
    return atNs.isPresent() && nanoClock.getAsLong() < atNs.getAsLong() - LEAD_NS;
  }

  /** Returns the start of the measured phase, now or soon, in monotonic ns. */
  long begin(long nowNs) {
    lateNs = Math.max(0, nowNs - atNs.orElse(nowNs));
    return Math.max(nowNs, atNs.orElse(nowNs));
  }

  /** Returns how long after it this generator began to measure. */
  long lateNs() {
    return lateNs;
  }

  Finding together(Duration bound) {
    String late = Numbers.words(lateNs / NS_PER_MS, "ms");
    return Finding.of(
        lateNs <= bound.toNanos(),
        late,
        "<= " + Numbers.words(bound.toNanos() / NS_PER_MS, "ms"),
        "This generator began to measure at the common start.",
        "This generator began to measure %s after the common start; leave more time (-Dstart-at)."
            .formatted(late));
  }

  /** Returns the time until then; 0 if it has passed. */
  Duration ahead() {
    long nowNs = nanoClock.getAsLong();
    return Duration.ofNanos(Math.max(0, atNs.orElse(nowNs) - nowNs));
  }
}

package simulations.relay;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAccumulator;

/** How well the clocks of producer and consumer agreed, over all tokens of a run. Thread-safe. */
final class ClockAgreement {
  private final LongAccumulator boundMaxNs = new LongAccumulator(Math::max, 0);
  private final LongAccumulator lagMinNs = new LongAccumulator(Math::min, Long.MAX_VALUE);
  private final AtomicBoolean unknown = new AtomicBoolean();

  /**
   * A token came.
   *
   * @param lagNs as the clocks say; below 0 if they contradict each other
   * @param boundNs how far that may be wrong; empty if nobody can tell
   */
  void on(long lagNs, OptionalLong boundNs) {
    lagMinNs.accumulate(lagNs);
    if (boundNs.isPresent()) {
      boundMaxNs.accumulate(boundNs.getAsLong());
    } else {
      unknown.set(true);
    }
  }

  /** How far apart the clocks may be at most; empty if that is not known of some token. */
  OptionalLong boundNs() {
    return unknown.get() ? OptionalLong.empty() : OptionalLong.of(boundMaxNs.get());
  }

  /** True if no token came before it was meant to be published, by more than the bound. */
  boolean isPossible() {
    return lagMinNs.get() >= -boundMaxNs.get();
  }

  /** The shortest lag, which may be below 0; {@link Long#MAX_VALUE} if no token came. */
  long lagMinNs() {
    return lagMinNs.get();
  }
}

package simulations.ticker;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A message of the service, as far as a user measures it.
 *
 * @param answers stamp of the ping that it answers, or {@link #OLDEST}; empty if it is no pong
 * @param latencyMs latency that a pong states of its ping
 * @param feed of a broadcast
 * @param seq number of a broadcast in its feed; empty if it is none
 * @param epoch of the publisher, in which sequences begin again
 * @param sentNs planned time of a broadcast, or else the real one, unix ns; empty if unknown
 * @param skipped number of broadcasts left out in favour of newer ones, by feed
 */
record Frame(
    OptionalDouble answers,
    OptionalDouble latencyMs,
    String feed,
    OptionalLong seq,
    long epoch,
    OptionalLong sentNs,
    Map<String, Integer> skipped) {
  /** Stands for the stamp of the ping that waits longest, for a pong that echoes nothing. */
  static final double OLDEST = Double.NaN;

  /** Returns a frame that is nothing but an answer, or, without a stamp, nothing that counts. */
  static Frame answer(OptionalDouble stamp) {
    OptionalLong none = OptionalLong.empty();
    return new Frame(stamp, OptionalDouble.empty(), "", none, 0, none, Map.of());
  }
}

package simulations.relay;

import kpi.Kpi;
import simulations.run.Recording;

/** The parts of a token's lag, hop by hop. */
final class Hops {
  private Hops() {}

  /**
   * Records the parts of a lag, from the stamps that the hops add. They stamp the time since 1970,
   * so this holds only while all of them are on one host.
   *
   * @param unixNs time of day at which the token came
   * @param dueUnixNs time of day at which it was due
   */
  static void record(Recording recording, TokenEvent.Data token, long unixNs, long dueUnixNs) {
    long redisNs = hop(recording, Kpi.HOP_REDIS, storedNs(token), dueUnixNs);
    long bridgeNs = hop(recording, Kpi.HOP_BRIDGE, token.at("bridge"), redisNs);
    long natsNs = hop(recording, Kpi.HOP_NATS, token.at("nats"), bridgeNs);
    long adapterNs = hop(recording, Kpi.HOP_ADAPTER, token.at("adapter"), natsNs);
    if (token.at("adapter") != null) {
      recording.of(Kpi.HOP_CLIENT).record(unixNs - adapterNs);
    }
  }

  /**
   * Redis counts milliseconds, so a token was stored at some time of one, after it was sent and
   * before the bridge had it: this is the middle. Null if there is no stamp.
   */
  private static Long storedNs(TokenEvent.Data token) {
    Long stampNs = token.at("redis");
    if (stampNs == null || token.at("bridge") == null) {
      return stampNs;
    }
    long from = Math.max(stampNs, token.publishedNs());
    long to = Math.min(stampNs + 1_000_000, token.at("bridge"));
    return from + (to - from) / 2;
  }

  private static long hop(Recording recording, Kpi kpi, Long atNs, long beforeNs) {
    if (atNs == null) {
      return beforeNs;
    }
    recording.of(kpi).record(atNs - beforeNs);
    return atNs;
  }
}

package simulations.relay;

import java.util.Map;
import kpi.Kpi;

/**
 * Where on its way a token spent its time, from the stamps that each hop adds. Hops stamp the time
 * since 1970, so this holds only while all of them are on one host.
 */
final class Hops {
  private final StreamReader.Shared shared;

  Hops(StreamReader.Shared shared) {
    this.shared = shared;
  }

  /** Records each hop that the token tells of, from the one before it that it tells of. */
  void record(TokenEvent event) {
    if (!shared.rules().hops() || event.publishedNs() == 0) {
      return;
    }
    Map<String, Long> at = event.hops();
    long beforeNs = event.publishedNs();
    beforeNs = hop(Kpi.HOP_REDIS, at.get("redis"), beforeNs);
    beforeNs = hop(Kpi.HOP_BRIDGE, at.get("bridge"), beforeNs);
    beforeNs = hop(Kpi.HOP_NATS, at.get("nats"), beforeNs);
    beforeNs = hop(Kpi.HOP_ADAPTER, at.get("adapter"), beforeNs);
    if (at.containsKey("adapter")) {
      shared.of(Kpi.HOP_CLIENT).record(shared.clock().unixNs() - beforeNs);
    }
  }

  private long hop(Kpi kpi, Long atNs, long beforeNs) {
    if (atNs == null) {
      return beforeNs;
    }
    shared.of(kpi).record(atNs - beforeNs);
    return atNs;
  }
}

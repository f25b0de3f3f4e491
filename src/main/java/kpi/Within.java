package kpi;

import java.util.List;

/**
 * The latencies of which one contains another: the part cannot be longer than the whole, neither in
 * a sample that has both, nor, if every sample has both, in any percentile.
 *
 * <p>The hops of a token are parts without an overlap: together they are its delivery lag.
 */
public enum Within {
  CONNECT(Kpi.CONNECT, Kpi.TTFT),
  TTFT(Kpi.TTFT, Kpi.E2E),
  RTT_SENT(Kpi.RTT_SENT, Kpi.RTT),
  /** Of a sample, the answer to any bid, from its sending. */
  BID_ACCEPTED(Kpi.BID_ACCEPTED, Kpi.BID_DUE),
  /** No viewer receives a bid before it was sent; its answer may come later than its broadcast. */
  WAKE_LAG(Kpi.WAKE_LAG, Kpi.BROADCAST_LAG);

  /** The parts of {@link Kpi#DELIVERY_LAG}, in the order of their times. */
  public static final List<Kpi> HOPS =
      List.of(Kpi.HOP_REDIS, Kpi.HOP_BRIDGE, Kpi.HOP_NATS, Kpi.HOP_ADAPTER, Kpi.HOP_CLIENT);

  private final Kpi part;
  private final Kpi whole;

  Within(Kpi part, Kpi whole) {
    this.part = part;
    this.whole = whole;
  }

  public Kpi part() {
    return part;
  }

  public Kpi whole() {
    return whole;
  }

  /** Returns the counter of samples in which the part was longer, such as ttft_beyond_e2e. */
  public String counter() {
    return part.word() + "_beyond_" + whole.word();
  }
}

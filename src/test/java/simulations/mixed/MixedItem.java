package simulations.mixed;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import simulations.auction.Bidding;
import simulations.auction.History;
import simulations.auction.ItemApi;

/**
 * One item: its bidders' history, and when bids of each amount were sent. Thread-safe.
 *
 * <p>Of bids of the same amount the one decided first is accepted, so an amount stands for the bid
 * that was sent first.
 */
final class MixedItem {
  private final Bidding bidding;
  private final Map<Long, Long> sentNs = new ConcurrentHashMap<>();

  MixedItem(Bidding bidding) {
    this.bidding = bidding.tellingBidsTo(this::sent);
  }

  String name() {
    return bidding.item();
  }

  String path() {
    return ItemApi.path(name());
  }

  Bidding bidding() {
    return bidding;
  }

  /** When the bid of this amount was sent; below 0 if nobody has sent one. */
  long sentNs(long cents) {
    return sentNs.getOrDefault(cents, Long.MIN_VALUE);
  }

  private void sent(long cents, long nowNs) {
    if (sentNs.size() < History.BIDS_MAX) {
      sentNs.putIfAbsent(cents, nowNs);
    }
  }
}

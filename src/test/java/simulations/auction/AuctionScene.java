package simulations.auction;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simulations.run.Run;
import stack.StackFailure;
import verdict.BidOperation.Unknown;

/**
 * An auction that is ready for bids on one item: its targets, the item, and those who watch it.
 *
 * @param targets started or reached
 * @param items the bid service's items
 * @param item that is bid on
 * @param viewers who watch it from before the first bid
 */
public record AuctionScene(
    AuctionTargets targets, ItemApi items, String item, List<Viewer> viewers) {
  /**
   * What a simulation wants to find.
   *
   * @param item a name for the item; empty for one of the run's own
   * @param viewers who watch the item, if there is a broadcast service
   * @param warmUp whether there is an item for the warm-up too
   */
  public record Wanted(Optional<String> item, int viewers, boolean warmUp) {}

  /**
   * Starts or reaches the targets, makes the items, and begins to watch.
   *
   * @throws StackFailure if something cannot be had
   */
  public static AuctionScene prepare(
      Run run, AuctionService service, BundledAuction bundled, Wanted wanted) {
    AuctionTargets targets = AuctionTargets.prepare(run, service, bundled);
    String item = wanted.item().orElseGet(AuctionScene::ownItem);
    ItemApi items = new ItemApi(targets.api());
    items.make(item);
    if (wanted.warmUp()) {
      items.make(warmUpItem(item));
    }
    List<Viewer> viewers = new ArrayList<>();
    if (targets.socket().isPresent()) {
      HttpClient http = HttpClient.newHttpClient();
      for (int i = 0; i < wanted.viewers(); i++) {
        viewers.add(Viewer.watch(http, targets.viewers(item)));
      }
    }
    return new AuctionScene(targets, items, item, viewers);
  }

  /**
   * Everybody's account of the item, for the end of the run; to be called before the first bid.
   *
   * @param bidding on the item
   * @param bound how long accepted bids may take to get everywhere
   */
  public BidReconciliation reconciliation(Bidding bidding, Duration bound) {
    long fromCents = found(bidding);
    return new BidReconciliation(
        new BidReconciliation.Subject(bidding, fromCents, warmUpItem(item)),
        items,
        targets,
        viewers,
        bound);
  }

  /** The item of the warm-up: its bids are no part of the measured item's history. */
  static String warmUpItem(String item) {
    return item + "-warm-up";
  }

  /** What is written into the run's folder must not hold a password. */
  public static Map<String, String> withoutPasswords(Map<String, String> texts) {
    texts.replaceAll((name, text) -> text.replaceAll("//[^/@]*@", "//***@"));
    return texts;
  }

  /** An item that has a price already begins with somebody's bid, whoever that was. */
  private long found(Bidding bidding) {
    try {
      BidAnswer found = BidAnswer.read(items.read(item));
      if (found.currentCents() > 0) {
        String name = found.bidder().orElse("somebody");
        bidding.history().add(new Unknown(Long.MIN_VALUE, name, found.currentCents()));
      }
      return Math.max(0, found.currentCents());
    } catch (IOException e) {
      throw new StackFailure("the item " + item + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** A name that no earlier run has used. */
  public static String ownItem() {
    return "load-" + Long.toString(Instant.now().toEpochMilli(), Character.MAX_RADIX);
  }
}

package simulations.auction;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import kpi.Phase;
import kpi.Tally;
import simulations.auction.AuctionStores.OfRedis;
import simulations.run.Audit;
import simulations.run.Recording;
import verdict.BidAudit;
import verdict.BidOperation.Read;
import verdict.Check;
import verdict.Numbers;

/**
 * Compares the histories of the items' clients with Redis, JetStream, the archive and the viewers.
 * Used by one thread.
 */
public class AuctionAudit implements Audit {
  /** After so many looks without progress none is expected, and a third of it is enough. */
  private static final int STILL_LOOKS = 40;

  private static final Duration PUBLISH_BOUND = Duration.ofSeconds(4);

  private final AuctionLoad load;
  private final List<AuctionItem> items;
  private final List<AuctionTargets.Viewer> viewers;
  private final Optional<AuctionStores> stores;
  private final Optional<AuctionStores> archive;
  private final List<BidAnswer> last = new ArrayList<>();
  private Optional<String> unreadable = Optional.empty();
  private long progress = -1;
  private int still;

  /** Connects viewers beside the load to the first item, if there is a broadcast service. */
  public AuctionAudit(AuctionLoad load, int viewers) {
    this.load = load;
    this.items = load.items(Phase.MEASURE);
    this.viewers = load.targets().view(items.get(0), viewers, load.run().nanoClock());
    this.stores = load.targets().stores();
    this.archive = stores.filter(found -> found.postgres().isPresent());
  }

  /** Waits until every accepted bid is everywhere, or nothing moves any more, within the bound. */
  @Override
  public void settle() {
    items.forEach(AuctionItem::done);
    Audit.until(load.settings().auction().service().drainWithin(), this::isEverywhere);
    stores.ifPresent(found -> Audit.until(PUBLISH_BOUND, () -> isPublished(found)));
    viewers.forEach(AuctionTargets.Viewer::leave);
    items.forEach(this::readLast);
  }

  private boolean isEverywhere() {
    long accepted = items.stream().mapToLong(item -> item.ledger().accepted()).sum();
    long unknown = items.stream().mapToLong(item -> item.ledger().unknown()).sum();
    long there = fewest();
    still = there == progress ? still + 1 : 0;
    progress = there;
    return there >= accepted + unknown
        || still >= STILL_LOOKS
        || (there >= accepted && still > STILL_LOOKS / 3);
  }

  /** Returns the lowest bid count at any sink; below 0 if one cannot be read. */
  private long fewest() {
    long fewest =
        viewers.stream().mapToLong(any -> any.recorder.count()).min().orElse(Long.MAX_VALUE);
    try {
      return archive.isPresent()
          ? Math.min(fewest, archive.get().archived(items.stream().map(item -> item.name).toList()))
          : fewest;
    } catch (IOException e) {
      return -1; // The check reads it again and reports it.
    }
  }

  /** An event leaves Redis a moment after it was stored and received. */
  private boolean isPublished(AuctionStores stores) {
    try {
      return stores.redis(items.get(0).name).waiting() == 0;
    } catch (IOException e) {
      return false; // The check reads it again and reports it.
    }
  }

  private void readLast(AuctionItem item) {
    Recording recording = load.recording(Phase.MEASURE);
    long callNs = recording.nowNs();
    try {
      BidAnswer answer = load.targets().items().read(item);
      if (answer.currentCents() < 0) {
        throw new IOException("the answer has no price");
      }
      last.add(answer);
      item.add(new Read(callNs, recording.nowNs(), answer.currentCents(), answer.bidder()));
    } catch (IOException e) {
      unreadable =
          Optional.of("The item " + item.name + " cannot be read after the load: " + e + ".");
    }
  }

  @Override
  public List<Check> invariants() {
    List<Check> checks = ofBids();
    checks.add(finalPrice());
    stores.ifPresent(found -> checks.add(stream(found)));
    if (!viewers.isEmpty()) {
      checks.add(broadcast());
    }
    return checks;
  }

  /** Returns the checks of the bids alone: their history, the archive, and single answers. */
  public List<Check> ofBids() {
    List<Check> checks = new ArrayList<>();
    checks.add(linearizable());
    archive.ifPresent(found -> checks.add(archive(found)));
    checks.addAll(load.bidding(Phase.MEASURE).checks());
    return checks;
  }

  @Override
  public Map<String, String> unchecked() {
    Map<String, String> unchecked = new LinkedHashMap<>();
    if (stores.isEmpty()) {
      unchecked.put("stream_exact", "The stores of an auction of your own are not read.");
    }
    unchecked.putAll(uncheckedOfBids());
    if (viewers.isEmpty()) {
      unchecked.put("broadcast_exact", "There are no viewers (-Dviewers, -Dws-url).");
    }
    return unchecked;
  }

  public Map<String, String> uncheckedOfBids() {
    return archive.isPresent()
        ? Map.of()
        : Map.of("archive_exact", "There is no archive that the run has started.");
  }

  /** Checks that some order of the requests explains every answer, item by item. */
  private Check linearizable() {
    Optional<String> found = Optional.empty();
    long requests = 0;
    for (AuctionItem item : items) {
      var operations = item.operations();
      requests += operations.size();
      found = found.or(() -> BidAudit.of(operations).map(each -> of(item) + each.sentence()));
    }
    Check check =
        Check.invariant(
            "bids_linearizable",
            found.isEmpty(),
            Numbers.count(requests) + " requests" + many(" on " + items.size() + " items"),
            "as if one by one" + many(", each item"),
            found
                .map(words -> "No order explains the answers: " + words + ".")
                .orElse("Some order of the requests explains every answer."));
    long leftOut = items.stream().mapToLong(AuctionItem::bidsLeftOut).sum();
    if (leftOut > 0) {
      return check.inconclusive(
          String.format(
              Locale.ROOT,
              "%,d bids did not fit into the history, which holds %,d of an item; shorten the run.",
              leftOut,
              AuctionItem.BIDS_MAX));
    }
    return found.isEmpty() ? unreadable.map(check::inconclusive).orElse(check) : check;
  }

  private Check finalPrice() {
    Ledger ledger = items.get(0).ledger();
    BidAnswer answer = last.isEmpty() ? BidAnswer.EMPTY : last.get(0);
    boolean holds = ledger.canEndAt(answer.currentCents(), answer.bidder());
    String bidder = answer.bidder().map(name -> " of " + name).orElse("");
    Check check =
        Check.invariant(
            "final_price_true",
            holds,
            Ledger.decimal(answer.currentCents()) + bidder,
            "the highest accepted bid, " + Ledger.decimal(ledger.highestCents()),
            holds
                ? "The item ended at the highest bid that was accepted."
                : "The item ended at another price or bidder than the highest accepted bid.");
    return unreadable.map(check::inconclusive).orElse(check);
  }

  /** The item's first event is that it was opened; all others are bids. */
  private Check stream(AuctionStores from) {
    AuctionItem item = items.get(0);
    String limit = "accepted = in Redis's stream = in JetStream";
    try {
      OfRedis redis = from.redis(item.name);
      long sequence = redis.sequence();
      long others = 0;
      for (AuctionItem other : load.items(Phase.WARM_UP)) {
        others += from.redis(other.name).sequence();
      }
      long inStream = redis.added() < 0 ? sequence : redis.added() - others;
      long published = from.published(item.name);
      boolean stored = inStream == sequence && published == sequence && redis.waiting() == 0;
      boolean holds = item.ledger().fits(sequence - 1) && stored;
      String figure =
          LongStream.of(item.ledger().accepted(), inStream - 1, published - 1)
              .mapToObj(Numbers::count)
              .collect(Collectors.joining(holds ? " = " : ", "));
      return Check.invariant(
          "stream_exact",
          holds,
          holds ? figure : figure + ", " + redis.waiting() + " waiting",
          limit,
          holds
              ? "Every accepted bid went through the stream into JetStream."
              : "Accepted by clients, added to Redis's stream and stored by JetStream differ.");
    } catch (IOException e) {
      return unreadable("stream_exact", limit, e);
    }
  }

  private Check archive(AuctionStores from) {
    Optional<String> wrong = Optional.empty();
    long rows = 0;
    long accepted = items.stream().mapToLong(item -> item.ledger().accepted()).sum();
    String limit = Numbers.count(accepted) + " accepted, once and in order";
    try {
      for (AuctionItem item : items) {
        long[] cents = from.archivedCents(item.name);
        long broken = from.archivedOutOfChain(item.name);
        rows += cents.length;
        Ledger.Difference difference = item.ledger().compare(cents);
        if (wrong.isEmpty() && !difference.isNone()) {
          wrong = Optional.of(of(item) + difference.words());
        } else if (wrong.isEmpty() && broken > 0) {
          wrong = Optional.of(of(item) + broken + " rows do not follow the bid that they name");
        }
      }
    } catch (IOException e) {
      return unreadable("archive_exact", limit, e);
    }
    return Check.invariant(
        "archive_exact",
        wrong.isEmpty(),
        Numbers.count(rows) + " rows",
        limit,
        wrong
            .map(words -> "The archive differs from the accepted bids: " + words + ".")
            .orElse("Every accepted bid is a row of the archive, once and in order."));
  }

  private Check broadcast() {
    List<AuctionRecorder> recorders = viewers.stream().map(viewer -> viewer.recorder).toList();
    Broadcasts broadcasts = new Broadcasts(new Tally());
    broadcasts.compare(items.get(0), recorders);
    int fewest = recorders.stream().mapToInt(AuctionRecorder::count).min().orElse(0);
    return Check.invariant(
        "broadcast_exact",
        broadcasts.isRight(),
        viewers.size() + " viewers, " + Numbers.count(fewest) + " bids or more each",
        "every accepted bid once, in order, prices never falling",
        broadcasts.reason());
  }

  private String of(AuctionItem item) {
    return many("of item " + item.name + ": ");
  }

  private String many(String words) {
    return items.size() > 1 ? words : "";
  }

  private static Check unreadable(String name, String limit, IOException e) {
    return Check.invariant(name, false, "unreadable", limit, "").inconclusive(e.getMessage() + ".");
  }
}

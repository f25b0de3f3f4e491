package simulations.auction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import kpi.MetricsSource;
import simulations.auction.StoredBids.OfRedis;
import simulations.auction.StoredBids.Unreadable;
import verdict.BidAudit;
import verdict.BidOperation;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;
import verdict.BidViolation;
import verdict.Check;
import verdict.Numbers;

/**
 * One item's bids, by everybody's account: its clients', Redis's, JetStream's, the archive's and
 * its viewers'. Used by one thread.
 */
public final class BidReconciliation {
  private static final long LOOK_MS = 100;

  /** If nothing has moved for so long, nothing will. */
  private static final int STILL_LOOKS = 40;

  private final Subject subject;
  private final ItemApi items;
  private final Optional<StoredBids> stored;
  private final Optional<ArchivedBids> archived;
  private final Optional<MetricsSource> archive;
  private final List<Viewer> viewers;
  private final Duration bound;
  private Ledger ledger = Ledger.of(List.of(), 0);
  private JsonNode archiveAfter = MissingNode.getInstance();
  private BidAnswer last = new BidAnswer(false, BidAnswer.NONE, 0, Optional.empty(), "");

  /**
   * What is reconciled.
   *
   * @param bidding on the item
   * @param fromCents the price before the first bid
   * @param otherItem that was bid on too, by the warm-up
   */
  public record Subject(Bidding bidding, long fromCents, String otherItem) {}

  /**
   * @param items tells the final price
   * @param targets whose stores are read, if they are ours
   * @param viewers of the item
   * @param bound how long accepted bids may take to get everywhere
   */
  BidReconciliation(
      Subject subject,
      ItemApi items,
      AuctionTargets targets,
      List<Viewer> viewers,
      Duration bound) {
    this.subject = subject;
    this.items = items;
    this.stored = targets.stores().map(StoredBids::new);
    this.archived = targets.stores().flatMap(AuctionStores::postgres).map(ArchivedBids::new);
    this.archive = Optional.ofNullable(targets.metrics().get(AuctionPart.ARCHIVE));
    this.viewers = List.copyOf(viewers);
    this.bound = bound;
  }

  /** Waits until every accepted bid is everywhere, or nothing moves any more, within the bound. */
  void settle() {
    ledger = Ledger.of(subject.bidding().history().bids(), subject.fromCents());
    long before = -1;
    int still = 0;
    for (long waitedMs = 0; waitedMs < bound.toMillis(); waitedMs += LOOK_MS) {
      long there = least();
      if (there >= ledger.accepted() + ledger.unknown() || still >= STILL_LOOKS) {
        break;
      }
      still = there == before ? still + 1 : 0;
      before = there;
      if ((ledger.fits(there) && still > STILL_LOOKS / 3) || !pause()) {
        break;
      }
    }
    awaitPublished();
    viewers.forEach(Viewer::close);
    archiveAfter = archive.map(source -> source.read().join()).orElse(archiveAfter);
    readLast();
  }

  /** An event leaves Redis a moment after it was stored and heard. */
  private void awaitPublished() {
    try {
      for (int look = 0; look < STILL_LOOKS && stored.isPresent(); look++) {
        if (stored.get().redis(subject.bidding().item()).waiting() == 0 || !pause()) {
          return;
        }
      }
    } catch (Unreadable e) {
      return; // Told by the check, which reads it again.
    }
  }

  /** The fewest bids that any of those who are to have them all has. */
  private long least() {
    long least = viewers.stream().mapToLong(Viewer::count).min().orElse(Long.MAX_VALUE);
    try {
      if (archived.isPresent()) {
        least = Math.min(least, archived.get().count(subject.bidding().item()));
      }
      return least;
    } catch (Unreadable e) {
      return 0; // Told by the check, which reads it again.
    }
  }

  private void readLast() {
    Bidding bidding = subject.bidding();
    long callNs = bidding.nanos();
    byte[] told = items.read(bidding.item());
    try {
      last = BidAnswer.read(told);
      if (last.currentCents() >= 0) {
        bidding
            .history()
            .add(new Read(callNs, bidding.nanos(), last.currentCents(), last.bidder()));
      }
    } catch (IOException e) {
      // It has told no price, and the check says so.
    }
  }

  /** What must hold, whoever was asked. */
  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    checks.add(linearizable());
    checks.add(finalPrice());
    stored.ifPresent(found -> checks.add(stream(found)));
    archived.ifPresent(found -> checks.add(archive(found)));
    if (!viewers.isEmpty()) {
      checks.add(broadcast());
    }
    return checks;
  }

  /** What could not be checked, with the reason. */
  Map<String, String> unchecked() {
    Map<String, String> unchecked = new LinkedHashMap<>();
    if (stored.isEmpty()) {
      unchecked.put("stream_exact", "The stores of an auction of your own are not read.");
    }
    if (archived.isEmpty()) {
      unchecked.put("archive_exact", "There is no archive that the run has started.");
    }
    if (viewers.isEmpty()) {
      unchecked.put("broadcast_exact", "Nobody watches (-Dviewers, -Dws-url).");
    }
    return unchecked;
  }

  private Check linearizable() {
    History history = subject.bidding().history();
    List<BidOperation> operations = history.operations();
    Optional<BidViolation> found = BidAudit.of(operations);
    Check check =
        Check.invariant(
            "bids_linearizable",
            found.isEmpty(),
            found.isEmpty()
                ? Numbers.count(operations.size()) + " requests"
                : found.get().rule().words(),
            "as if one by one",
            found
                .map(violation -> "No order explains the answers: " + violation.sentence() + ".")
                .orElse("Some order of the requests explains every answer."));
    return history.bidsLeftOut() == 0
        ? check
        : check.inconclusive(
            Numbers.count(history.bidsLeftOut())
                + " bids did not fit into the history, which holds "
                + Numbers.count(History.BIDS_MAX)
                + "; let the run be shorter.");
  }

  private Check finalPrice() {
    long highest = ledger.highestCents();
    long told = last.currentCents();
    boolean holds = told == highest || (told > highest && ledger.mayBeAccepted(told));
    if (holds && told == highest && ledger.accepted() > 0 && last.bidder().isPresent()) {
      holds = last.bidder().get().equals(bidderOf(highest));
    }
    String figure = told < 0 ? "not told" : Ledger.decimal(told);
    return Check.invariant(
        "final_price_true",
        holds,
        figure + last.bidder().map(name -> " of " + name).orElse(""),
        "the highest accepted bid, " + Ledger.decimal(highest),
        holds
            ? "The item ended at the highest bid that was accepted."
            : "The item ended at another price or bidder than the highest accepted bid.");
  }

  private String bidderOf(long cents) {
    for (BidOperation bid : subject.bidding().history().bids()) {
      if (bid instanceof Accepted accepted && accepted.cents() == cents) {
        return accepted.user();
      }
    }
    return "";
  }

  /** The item's first event is that it was opened; all others are bids. */
  private Check stream(StoredBids from) {
    String item = subject.bidding().item();
    try {
      OfRedis redis = from.redis(item);
      long other = from.sequence(subject.otherItem());
      long inStream = redis.added() < 0 ? redis.sequence() : redis.added() - other;
      long inStore = from.stored(item);
      boolean holds =
          ledger.fits(redis.sequence() - 1)
              && inStream == redis.sequence()
              && inStore == redis.sequence()
              && redis.waiting() == 0;
      String figure =
          String.join(
              " = ",
              Numbers.count(ledger.accepted()),
              Numbers.count(inStream - 1),
              Numbers.count(inStore - 1));
      return Check.invariant(
          "stream_exact",
          holds,
          holds ? figure : figure.replace(" = ", ", ") + ", " + redis.waiting() + " waiting",
          "accepted = in Redis's stream = in JetStream",
          holds
              ? "What was accepted went through the stream into JetStream."
              : "Accepted by clients, added to Redis's stream and stored by JetStream differ.");
    } catch (Unreadable e) {
      return unreadable("stream_exact", e);
    }
  }

  private Check archive(ArchivedBids from) {
    String item = subject.bidding().item();
    try {
      long[] cents = from.cents(item);
      long broken = from.outOfChain(item);
      Optional<String> wrong = ledger.differs(cents);
      if (wrong.isEmpty() && broken > 0) {
        wrong =
            Optional.of(Numbers.count(broken) + " have another previous bid than the one before");
      }
      String waiting =
          archiveAfter.path("events_refused").asLong() > 0
              ? "; it refused " + Numbers.count(archiveAfter.path("events_refused").asLong())
              : "";
      return Check.invariant(
          "archive_exact",
          wrong.isEmpty(),
          Numbers.count(cents.length) + " rows",
          Numbers.count(ledger.accepted()) + " accepted, once and in order",
          wrong
              .map(words -> "The archive differs from what was accepted: " + words + waiting + ".")
              .orElse("Every accepted bid is a row of the archive, once and in order."));
    } catch (Unreadable e) {
      return unreadable("archive_exact", e);
    }
  }

  private Check broadcast() {
    String wrong = "";
    long least = Long.MAX_VALUE;
    for (Viewer viewer : viewers) {
      long[] cents = viewer.cents();
      least = Math.min(least, cents.length);
      Optional<String> found = viewer.broken().or(() -> ledger.differs(cents));
      if (found.isEmpty() && viewer.unheard() > 0) {
        found = Optional.of("was told of " + Numbers.count(viewer.unheard()) + " it had missed");
      }
      wrong = wrong.isEmpty() ? found.orElse("") : wrong;
    }
    return Check.invariant(
        "broadcast_exact",
        wrong.isEmpty(),
        Numbers.count(viewers.size()) + " viewers, " + Numbers.count(least) + " bids or more each",
        "every accepted bid once, in order, prices never falling",
        wrong.isEmpty()
            ? "Every viewer saw every accepted bid, once and in order."
            : "A viewer saw something else than what was accepted: " + wrong + ".");
  }

  private static Check unreadable(String name, Unreadable e) {
    return Check.invariant(name, false, "unreadable", "readable", e.getMessage() + ".");
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

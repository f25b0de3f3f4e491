package simulations.auction;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import kpi.Phase;
import kpi.Tally;
import simulations.auction.AuctionStores.OfRedis;
import simulations.run.Audit;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import verdict.BidAudit;
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
  private final Map<AuctionItem, BidAnswer> last = new HashMap<>();
  private Optional<String> unreadable = Optional.empty();
  private long progress = -1;
  private int still;

  /** Connects viewers beside the load to the first item, if there is a broadcast service. */
  public AuctionAudit(AuctionLoad load, int viewers) {
    this.load = load;
    this.items = load.items(Phase.MEASURE);
    this.viewers = load.targets.view(items.get(0), viewers, load.run.nanoClock());
    this.stores = load.targets.stores();
    this.archive = load.targets.archive();
  }

  /** Waits until every accepted bid is everywhere, or nothing moves any more, within the bound. */
  @Override
  public void settle() {
    items.forEach(AuctionItem::done);
    Audit.until(load.settings.auction().service().drainWithin(), this::isEverywhere);
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
    try {
      last.put(item, load.targets.items().look(item, load.run.nanoClock()));
    } catch (IOException e) {
      unreadable =
          Optional.of("The item " + item.name + " cannot be read after the load: " + e + ".");
    }
  }

  @Override
  public void check(Checks all) {
    checkBids(all);
    Checks checks = all.restingOn(first(AuctionItem::bidsLeftOut));
    checks.of("final_price_true").judge(this::finalPrice);
    checks
        .of("stream_exact")
        .needs(stores.isPresent(), "The stores of an auction of your own are not read.")
        .judge(this::stream);
    checks.viewers("broadcast_exact", !viewers.isEmpty()).judge(this::broadcast);
  }

  /** Declares the checks of the bids alone: their history, the archive, and single answers. */
  protected final void checkBids(Checks all) {
    Checks checks = all.restingOn(first(AuctionItem::bidsLeftOut));
    checks.of("bids_linearizable").judge(this::linearizable);
    all.of("requests_answered")
        .needs(load.targets.stores().isEmpty(), "Checked only for an auction of your own.")
        .judge(this::requestsAnswered);
    checks
        .of("archive_exact")
        .needs(archive.isPresent(), "There is no archive that the run has started.")
        .judge(this::archived);
    load.bidding(Phase.MEASURE).check(all);
  }

  private Optional<String> first(Function<AuctionItem, Optional<String>> leftOut) {
    return items.stream().flatMap(item -> leftOut.apply(item).stream()).findFirst();
  }

  /** The threshold of the error rate decides how many failures are too many. */
  private Finding requestsAnswered() {
    double pct = load.errorPct();
    String figure = Numbers.words(pct, "%");
    Optional<String> failed = first(AuctionItem::firstFailure);
    String first =
        failed.map(words -> "; the first: " + load.run.access().masked(words)).orElse("");
    return new Finding(
        failed.isEmpty() ? Check.Outcome.PASS : Check.Outcome.WARN,
        figure + " failed",
        "none",
        failed.isEmpty()
            ? "Every request had an answer with a price or a decision."
            : figure + " of the requests failed" + first + ".");
  }

  /** Checks that some order of the requests explains every answer, item by item. */
  private Finding linearizable() {
    Optional<String> found = Optional.empty();
    long requests = 0;
    for (AuctionItem item : items) {
      var operations = item.operations();
      requests += operations.size();
      found = found.or(() -> BidAudit.of(operations).map(each -> of(item) + each.sentence()));
    }
    Finding finding =
        Finding.of(
            found.isEmpty(),
            Numbers.count(requests) + " requests" + many(" on " + items.size() + " items"),
            "as if one by one" + many(", each item"),
            "Some order of the requests explains every answer.",
            "No order explains the answers: " + found.orElse("") + ".");
    Optional<String> open = unreadable.or(() -> first(AuctionItem::observationsLeftOut));
    return found.isEmpty() ? open.map(finding::inconclusive).orElse(finding) : finding;
  }

  private Finding finalPrice() {
    Ledger ledger = items.get(0).ledger();
    BidAnswer answer = last.getOrDefault(items.get(0), BidAnswer.EMPTY);
    String bidder = answer.bidder().map(name -> " of " + name).orElse("");
    Finding found =
        Finding.of(
            ledger.canEndAt(answer.currentCents(), answer.bidder()),
            Ledger.decimal(answer.currentCents()) + bidder,
            "the highest accepted bid, " + Ledger.decimal(ledger.highestCents()),
            "The item ended at the highest bid that was accepted.",
            "The item ended at another price or bidder than the highest accepted bid.");
    return unreadable.map(found::inconclusive).orElse(found);
  }

  /** The item's first event is that it was opened; all others are bids. */
  private Finding stream() throws IOException {
    AuctionStores from = stores.orElseThrow();
    AuctionItem item = items.get(0);
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
    return Finding.of(
        holds,
        holds ? figure : figure + ", " + redis.waiting() + " waiting",
        "accepted = in Redis's stream = in JetStream",
        "Every accepted bid went through the stream into JetStream.",
        "Accepted by clients, added to Redis's stream and stored by JetStream differ.");
  }

  private Finding archived() throws IOException {
    AuctionStores from = archive.orElseThrow();
    Optional<String> wrong = Optional.empty();
    long rows = 0;
    long accepted = items.stream().mapToLong(item -> item.ledger().accepted()).sum();
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
    return Finding.of(
        wrong.isEmpty(),
        Numbers.count(rows) + " rows",
        Numbers.count(accepted) + " accepted, once and in order",
        "Every accepted bid is a row of the archive, once and in order.",
        "The archive differs from the accepted bids: " + wrong.orElse("") + ".");
  }

  private Finding broadcast() {
    Broadcasts broadcasts = new Broadcasts(new Tally(), false);
    broadcasts.compare(items.get(0));
    int fewest = items.get(0).viewers().stream().mapToInt(AuctionRecorder::count).min().orElse(0);
    return Finding.of(
        broadcasts.isRight(),
        viewers.size() + " viewers, " + Numbers.count(fewest) + " bids or more each",
        "every accepted bid once, in order, prices never falling",
        broadcasts.reason(),
        broadcasts.reason());
  }

  private String of(AuctionItem item) {
    return many("of item " + item.name + ": ");
  }

  private String many(String words) {
    return items.size() > 1 ? words : "";
  }
}

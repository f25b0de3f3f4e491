package verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Bid;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;

/**
 * Whether the history of one item is linearizable: whether each request can be given a moment
 * between its call and its answer so that, in the order of the moments, every answer is right. The
 * price begins at 0. Exact, and O(n log n).
 *
 * <p>Why this is not a search. The price only rises and each price has one bid, so the order of the
 * accepted bids is that of their amounts, and a request that saw a price comes after its bid and
 * before the next: the required order is known. Give the accepted bid of rank r the class 2r and
 * the requests that saw its price 2r + 1; those that saw no bid have class 1. Some order keeps
 * these classes and the clock's exactly if no request of a higher class had its answer before one
 * of a lower class was called (a cycle in the union of a total preorder and an interval order has a
 * cycle of two). The latest call of all lower classes is enough to see that, class by class.
 *
 * <p>A bid without an answer counts as accepted, with its end open, if its amount was seen; else
 * leaving it out is exact, for it can have its moment after all others or never. A rejection
 * without a price is only checked for a bid of at least its amount that was called before its
 * answer.
 */
public final class BidAudit {
  private final Map<Long, List<Unknown>> unknown = new HashMap<>();
  private final Map<Long, String> namesSeen = new HashMap<>();
  private final List<BidOperation> operations;
  private final TreeMap<Long, Bid> bids = new TreeMap<>();

  /** By an amount, the first call of any bid of at least so much. */
  private final TreeMap<Long, Long> firstCalls = new TreeMap<>();

  /**
   * A counter-example: no order of the requests explains the answers of their clients.
   *
   * @param other the request that it contradicts; empty if it is wrong by itself
   */
  public record Violation(Rule rule, BidOperation operation, Optional<BidOperation> other) {
    /** Rules of a linearizable history. */
    public enum Rule {
      /** No two bids of one amount are accepted. */
      ACCEPTED_ONCE("two bids of one amount were accepted"),
      /** A bid is rejected only by a price that is not below it. */
      REJECTED_RIGHTLY("a bid was rejected without a price that had beaten it"),
      /** A price that was seen is 0 or a bid that was accepted, or may have been. */
      PRICE_WAS_BID("a price was seen without an accepted bid of that amount"),
      /** The price and its bidder belong to one bid. */
      PAIR_FITS("a price was seen with another bidder's name"),
      /** The answer to an accepted bid names the accepted bid just below it. */
      PREVIOUS_IS_TRUE("the answer to an accepted bid names another price than it had beaten"),
      /** Some order keeps both the prices' and the clock's. */
      ORDER_EXISTS("prices were seen in an impossible order");

      private final String words;

      Rule(String words) {
        this.words = words;
      }

      public String words() {
        return words;
      }
    }

    public String sentence() {
      String against = other.map(operation -> "; but " + operation.words()).orElse("");
      return rule.words() + ": " + operation.words() + against;
    }
  }

  private BidAudit(List<BidOperation> operations) {
    this.operations = operations;
  }

  /**
   * Audits the history of one item between two resets.
   *
   * @param operations in any order; a final read makes the final price part of what is checked
   * @return the first counter-example found; empty if the history is linearizable
   */
  public static Optional<Violation> of(List<BidOperation> operations) {
    return new BidAudit(operations).violation();
  }

  private Optional<Violation> violation() {
    Optional<Violation> twice = takeAccepted();
    if (twice.isPresent()) {
      return twice;
    }
    noteFirstCalls();
    takeSeen();
    return operations.stream()
        .flatMap(operation -> local(operation).stream())
        .findFirst()
        .or(this::previous)
        .or(this::order);
  }

  private Optional<Violation> takeAccepted() {
    for (BidOperation operation : operations) {
      operation.seenBidder().ifPresent(name -> namesSeen.put(operation.seenCents(), name));
      if (operation instanceof Accepted bid) {
        Bid twin = bids.put(bid.cents(), bid);
        if (twin != null) {
          return violated(Violation.Rule.ACCEPTED_ONCE, bid, twin);
        }
      } else if (operation instanceof Unknown bid) {
        unknown.computeIfAbsent(bid.cents(), unused -> new ArrayList<>()).add(bid);
      }
    }
    return Optional.empty();
  }

  /** Notes what may explain a rejection without a price. */
  private void noteFirstCalls() {
    for (BidOperation operation : operations) {
      if (operation instanceof Bid bid && !(bid instanceof Rejected)) {
        firstCalls.merge(bid.cents(), bid.callNs(), Math::min);
      }
    }
    long first = Long.MAX_VALUE;
    for (Map.Entry<Long, Long> call : firstCalls.descendingMap().entrySet()) {
      first = Math.min(first, call.getValue());
      call.setValue(first);
    }
  }

  /** Returns true if no bid of at least the amount was called before the answer. */
  private boolean isInexplicable(Rejected bid) {
    Map.Entry<Long, Long> call = firstCalls.ceilingEntry(bid.cents());
    return call == null || call.getValue() > bid.returnNs();
  }

  /** Adds bids without an answer whose amount was seen. */
  private void takeSeen() {
    for (BidOperation operation : operations) {
      long seen = operation.seenCents();
      List<Unknown> candidates = unknown.get(seen);
      if (seen > 0 && candidates != null) {
        bids.computeIfAbsent(seen, cents -> earliest(candidates, namesSeen.get(cents)));
      }
    }
  }

  /** Returns the candidate that was called first, for it explains most. */
  private static Unknown earliest(List<Unknown> candidates, String name) {
    Comparator<Unknown> byName = Comparator.comparing(bid -> !bid.user().equals(name));
    return candidates.stream()
        .min(byName.thenComparing(Unknown::callNs))
        .orElseThrow(IllegalStateException::new);
  }

  private Optional<Violation> local(BidOperation operation) {
    long seen = operation.seenCents();
    if (operation instanceof Rejected bid
        && (seen < 0 ? isInexplicable(bid) : seen < bid.cents())) {
      return violated(Violation.Rule.REJECTED_RIGHTLY, operation, bids.get(seen));
    }
    if (seen < 0) {
      return Optional.empty();
    }
    Bid bid = bids.get(seen);
    if (seen > 0 && bid == null) {
      return violated(Violation.Rule.PRICE_WAS_BID, operation, null);
    }
    Optional<String> name = operation.seenBidder();
    boolean fits = name.isEmpty() || (seen > 0 && name.get().equals(bid.user()));
    return fits ? Optional.empty() : violated(Violation.Rule.PAIR_FITS, operation, bid);
  }

  private Optional<Violation> previous() {
    long before = 0;
    for (Bid bid : bids.values()) {
      if (bid instanceof Accepted known && known.previousCents().orElse(before) != before) {
        return violated(Violation.Rule.PREVIOUS_IS_TRUE, bid, bids.get(before));
      }
      before = bid.cents();
    }
    return Optional.empty();
  }

  private Optional<Violation> order() {
    Map<Long, Integer> ranks = new HashMap<>();
    ranks.put(0L, 0);
    bids.keySet().forEach(cents -> ranks.put(cents, ranks.size()));
    List<Placed> placed = new ArrayList<>(operations.size());
    bids.forEach((cents, bid) -> placed.add(new Placed(2 * ranks.get(cents), bid)));
    for (BidOperation operation : operations) {
      if (operation.seenCents() >= 0 && !(operation instanceof Accepted)) {
        placed.add(new Placed(2 * ranks.get(operation.seenCents()) + 1, operation));
      }
    }
    placed.sort(Comparator.comparingInt(Placed::rank));
    BidOperation latest = null;
    BidOperation latestOfClass = null;
    int rank = -1;
    for (Placed next : placed) {
      if (next.rank() != rank) {
        latest = later(latest, latestOfClass);
        latestOfClass = null;
        rank = next.rank();
      }
      if (latest != null && next.operation().returnNs() < latest.callNs()) {
        return violated(Violation.Rule.ORDER_EXISTS, next.operation(), latest);
      }
      latestOfClass = later(latestOfClass, next.operation());
    }
    return Optional.empty();
  }

  private static BidOperation later(BidOperation one, BidOperation other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.callNs() >= other.callNs() ? one : other;
  }

  private static Optional<Violation> violated(
      Violation.Rule rule, BidOperation operation, BidOperation other) {
    return Optional.of(new Violation(rule, operation, Optional.ofNullable(other)));
  }

  private record Placed(int rank, BidOperation operation) {}
}

package simulations.auction;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import verdict.BidOperation;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Unknown;
import verdict.Numbers;

/**
 * The accepted bids of one item by their clients' histories, against which archive and viewers are
 * compared. The price only rises, so the order of accepted bids is that of their amounts, and an
 * amount identifies its bid.
 */
public final class Ledger {
  private static final int PLACES = 2;

  private final List<Accepted> accepted;
  private final long[] cents;
  private final Set<Long> unknown = new HashSet<>();
  private final long fromCents;
  private final long fromSequence;

  /**
   * The difference between a list of bids and the ledger, with the first ones in words.
   *
   * @param twice bids that repeat the one before
   * @param late bids that follow a higher one
   * @param strange bids that were not accepted
   */
  record Difference(
      long lost, long twice, long late, long strange, String first, Optional<String> firstLost) {
    boolean isNone() {
      return lost + twice + late + strange == 0;
    }

    String words() {
      return Numbers.sentence(
          "%s lost, %s twice, %s out of order, %s not in any client's history; the first: %s",
          lost, twice, late, strange, first);
    }
  }

  /**
   * @param bids of one item, in any order
   * @param fromCents the price before the first of them
   * @param fromSequence the number of the event before it; below 0 if it is not known
   */
  Ledger(List<BidOperation> bids, long fromCents, long fromSequence) {
    this.accepted =
        bids.stream()
            .filter(Accepted.class::isInstance)
            .map(Accepted.class::cast)
            .sorted(Comparator.comparingLong(Accepted::cents))
            .toList();
    this.cents = accepted.stream().mapToLong(Accepted::cents).toArray();
    this.fromCents = fromCents;
    this.fromSequence = fromSequence;
    for (BidOperation bid : bids) {
      if (bid instanceof Unknown open && open.cents() > fromCents) {
        unknown.add(open.cents());
      }
    }
  }

  int accepted() {
    return cents.length;
  }

  int unknown() {
    return unknown.size();
  }

  /** Returns the amounts of accepted bids, ascending. */
  public long[] cents() {
    return cents.clone();
  }

  /** Returns the highest accepted bid in cents, or the price before the first. */
  long highestCents() {
    return cents.length == 0 ? fromCents : cents[cents.length - 1];
  }

  /** Returns true if the item can have ended at this price and bidder. */
  boolean canEndAt(long amount, Optional<String> bidder) {
    boolean sameBidder =
        cents.length == 0 || bidder.map(accepted.get(cents.length - 1).user()::equals).orElse(true);
    return amount == highestCents()
        ? sameBidder
        : amount > highestCents() && unknown.contains(amount);
  }

  boolean fits(long count) {
    return count >= cents.length && count <= (long) cents.length + unknown.size();
  }

  Difference compare(long[] seen) {
    return compare(seen, fromCents);
  }

  /**
   * Compares a list of bids with those of the ledger above a price: each once, in order, no other.
   *
   * @param seen amounts in cents, in the order in which they came
   * @param aboveCents the price before the first of them
   */
  Difference compare(long[] seen, long aboveCents) {
    long twice = 0;
    long late = 0;
    String first = "";
    long highest = Math.max(fromCents, aboveCents);
    for (long each : seen) {
      if (each <= highest && first.isEmpty()) {
        first =
            each == highest
                ? decimal(each) + " came twice"
                : decimal(each) + " came after " + decimal(highest);
      }
      twice += each == highest ? 1 : 0;
      late += each < highest ? 1 : 0;
      highest = Math.max(highest, each);
    }
    long[] sorted = seen.clone();
    Arrays.sort(sorted);
    int[] missing = missing(sorted, aboveCents);
    long[] strange =
        Arrays.stream(sorted)
            .distinct()
            .filter(each -> Arrays.binarySearch(cents, each) < 0 && !unknown.contains(each))
            .toArray();
    Optional<String> lost = Arrays.stream(missing).mapToObj(this::words).findFirst();
    if (first.isEmpty() && lost.isPresent()) {
      first = decimal(cents[missing[0]]) + " never came";
    } else if (first.isEmpty() && strange.length > 0) {
      first = decimal(strange[0]) + " is not in any client's history";
    }
    return new Difference(missing.length, twice, late, strange.length, first, lost);
  }

  /** Returns cents as an exact decimal. */
  public static String decimal(long cents) {
    return BigDecimal.valueOf(cents, PLACES).toPlainString();
  }

  /** A bid by the number of its event, if every event before it is known, else by its amount. */
  private String words(int rank) {
    boolean known = fromSequence >= 0 && unknown.stream().noneMatch(open -> open < cents[rank]);
    return known ? "sequence " + (fromSequence + rank + 1) : decimal(cents[rank]);
  }

  /** Ranks of accepted bids that came less often than they were accepted. */
  private int[] missing(long[] sorted, long aboveCents) {
    int[] missing = new int[cents.length];
    int count = 0;
    int at = 0;
    for (int rank = 0; rank < cents.length; rank++) {
      while (at < sorted.length && sorted[at] < cents[rank]) {
        at++;
      }
      if (at < sorted.length && sorted[at] == cents[rank]) {
        at++;
      } else if (cents[rank] > aboveCents) {
        missing[count++] = rank;
      }
    }
    return Arrays.copyOf(missing, count);
  }
}

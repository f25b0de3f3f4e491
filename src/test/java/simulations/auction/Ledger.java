package simulations.auction;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import verdict.BidOperation;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Unknown;
import verdict.Numbers;

/**
 * The bids that were accepted, by their clients' own account, to hold others' accounts against. The
 * price only rises, so the order of accepted bids is that of their amounts, and an amount names its
 * bid.
 */
public final class Ledger {
  private static final int PLACES = 2;

  private final long[] accepted;
  private final Set<Long> unknown = new HashSet<>();
  private final long fromCents;

  private Ledger(long[] accepted, Set<Long> unknown, long fromCents) {
    this.accepted = accepted;
    this.unknown.addAll(unknown);
    this.fromCents = fromCents;
  }

  /**
   * Reads a history.
   *
   * @param bids of one item, in any order
   * @param fromCents the price before the first of them
   */
  public static Ledger of(List<BidOperation> bids, long fromCents) {
    long[] accepted =
        bids.stream()
            .filter(Accepted.class::isInstance)
            .mapToLong(bid -> ((Accepted) bid).cents())
            .sorted()
            .toArray();
    Set<Long> unknown = new HashSet<>();
    for (BidOperation bid : bids) {
      if (bid instanceof Unknown open && open.cents() > fromCents) {
        unknown.add(open.cents());
      }
    }
    return new Ledger(accepted, unknown, fromCents);
  }

  /** Bids that were accepted. */
  public int accepted() {
    return accepted.length;
  }

  /** Amounts of bids that may have been accepted. */
  public int unknown() {
    return unknown.size();
  }

  /** The highest accepted bid in cents, or the price before the first. */
  public long highestCents() {
    return accepted.length == 0 ? fromCents : accepted[accepted.length - 1];
  }

  /** True if a bid of this amount may have been accepted without its client's knowledge. */
  public boolean mayBeAccepted(long cents) {
    return unknown.contains(cents);
  }

  /** True if so many bids can have been accepted. */
  public boolean fits(long count) {
    return count >= accepted.length && count <= (long) accepted.length + unknown.size();
  }

  /**
   * Holds somebody's account of the accepted bids against this one: each bid once, in order, and no
   * other.
   *
   * @param told amounts in cents, in the order in which they were told
   * @return what is wrong, in words; empty if nothing is
   */
  public Optional<String> differs(long[] told) {
    long twice = 0;
    long late = 0;
    String first = "";
    long highest = fromCents;
    for (long cents : told) {
      if (cents == highest) {
        twice++;
        first = first.isEmpty() ? decimal(cents) + " came twice" : first;
      } else if (cents < highest) {
        late++;
        first = first.isEmpty() ? decimal(cents) + " came after " + decimal(highest) : first;
      }
      highest = Math.max(highest, cents);
    }
    long[] sorted = told.clone();
    Arrays.sort(sorted);
    long[] missed = missed(sorted);
    long[] strange =
        Arrays.stream(sorted)
            .distinct()
            .filter(cents -> Arrays.binarySearch(accepted, cents) < 0 && !unknown.contains(cents))
            .toArray();
    int lost = missed.length;
    if (first.isEmpty() && lost > 0) {
      first = decimal(missed[0]) + " never came";
    } else if (first.isEmpty() && strange.length > 0) {
      first = decimal(strange[0]) + " was accepted by nobody's account";
    }
    return twice + late + lost + strange.length == 0
        ? Optional.empty()
        : Optional.of(
            Numbers.count(lost)
                + " lost, "
                + Numbers.count(twice)
                + " twice, "
                + Numbers.count(late)
                + " out of order, "
                + Numbers.count(strange.length)
                + " that nobody knows of; the first: "
                + first);
  }

  /** Cents as an exact decimal. */
  public static String decimal(long cents) {
    return BigDecimal.valueOf(cents, PLACES).toPlainString();
  }

  /** Accepted bids, each as often as it was accepted, that were told less often. */
  private long[] missed(long[] sorted) {
    LongStream.Builder missed = LongStream.builder();
    int at = 0;
    for (long cents : accepted) {
      while (at < sorted.length && sorted[at] < cents) {
        at++;
      }
      if (at < sorted.length && sorted[at] == cents) {
        at++;
      } else {
        missed.add(cents);
      }
    }
    return missed.build().toArray();
  }
}

package verdict;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One request about an item, as its client saw it: when it was called, when the answer came, and
 * what the answer was. Times are of one monotonic clock, in nanoseconds; amounts in whole cents.
 */
public sealed interface BidOperation {
  long callNs();

  /** Returns the time of the answer; {@link Long#MAX_VALUE} without one. */
  long returnNs();

  /** Returns the price in the answer, also as the beaten one; -1 for none. */
  default long seenCents() {
    return -1;
  }

  /** Returns the bidder of that price in the answer; empty if it has none. */
  default Optional<String> seenBidder() {
    return Optional.empty();
  }

  /** Returns the operation in a few words, for a counter-example. */
  String words();

  /** A request to bid, of an amount above 0. */
  sealed interface Bid extends BidOperation {
    String user();

    long cents();
  }

  /**
   * A bid that was accepted.
   *
   * @param previousCents the beaten price in the answer; empty if it has none
   */
  record Accepted(long callNs, long returnNs, String user, long cents, OptionalLong previousCents)
      implements Bid {
    @Override
    public long seenCents() {
      return previousCents.orElse(-1);
    }

    @Override
    public String words() {
      String over = previousCents.isPresent() ? " over " + amount(previousCents.getAsLong()) : "";
      return user + "'s bid of " + amount(cents) + " accepted" + over + span(this);
    }
  }

  /**
   * A bid that was rejected.
   *
   * @param seenCents the price in the answer; 0 before the first bid, -1 if it has none
   * @param seenBidder the bidder of that price in the answer; empty if it has none
   */
  record Rejected(
      long callNs,
      long returnNs,
      String user,
      long cents,
      long seenCents,
      Optional<String> seenBidder)
      implements Bid {
    @Override
    public String words() {
      String price = seenCents < 0 ? "" : " at " + amount(seenCents) + by(seenBidder);
      return user + "'s bid of " + amount(cents) + " rejected" + price + span(this);
    }
  }

  /**
   * A read of the item.
   *
   * @param seenCents the price; 0 before the first bid
   * @param seenBidder the bidder; empty if the answer has none
   */
  record Read(long callNs, long returnNs, long seenCents, Optional<String> seenBidder)
      implements BidOperation {
    @Override
    public String words() {
      return "read " + amount(seenCents) + by(seenBidder) + span(this);
    }
  }

  /** A bid without an answer: it may have been accepted, even much later, or not. */
  record Unknown(long callNs, String user, long cents) implements Bid {
    @Override
    public long returnNs() {
      return Long.MAX_VALUE;
    }

    @Override
    public String words() {
      return user + "'s bid of " + amount(cents) + " without an answer" + span(this);
    }
  }

  private static String amount(long cents) {
    return BigDecimal.valueOf(cents, 2).toPlainString();
  }

  private static String by(Optional<String> bidder) {
    return bidder.map(name -> " of " + name).orElse("");
  }

  private static String span(BidOperation operation) {
    String end = operation.returnNs() == Long.MAX_VALUE ? "never" : operation.returnNs() + " ns";
    return " (" + operation.callNs() + " ns to " + end + ")";
  }
}

package verdict;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One request about an item, as its client saw it: when it was called, when the answer came, and
 * what the answer was. Times are of one monotonic clock, in nanoseconds; amounts in whole cents.
 */
public sealed interface BidOperation {
  /** When the request was sent. */
  long callNs();

  /** When the answer was there; {@link Long#MAX_VALUE} if none came. */
  long returnNs();

  /** In a few words, for a counter-example. */
  String words();

  /**
   * A bid that was accepted.
   *
   * @param callNs when it was sent
   * @param returnNs when the answer was there
   * @param user who bid
   * @param cents how much, more than 0
   * @param previousCents the price that it was told to have beaten; empty if it was not told
   */
  record Accepted(long callNs, long returnNs, String user, long cents, OptionalLong previousCents)
      implements BidOperation {
    @Override
    public String words() {
      String over = previousCents.isPresent() ? " over " + previousCents.getAsLong() : "";
      return user + "'s bid of " + cents + " accepted" + over + span(this);
    }
  }

  /**
   * A bid that was rejected.
   *
   * @param callNs when it was sent
   * @param returnNs when the answer was there
   * @param user who bid
   * @param cents how much
   * @param seenCents the price that it was told; 0 if nobody had bid
   * @param seenBidder whose price that was told to be; empty if it was not told
   */
  record Rejected(
      long callNs,
      long returnNs,
      String user,
      long cents,
      long seenCents,
      Optional<String> seenBidder)
      implements BidOperation {
    @Override
    public String words() {
      String by = seenBidder.map(name -> " of " + name).orElse("");
      return user + "'s bid of " + cents + " rejected at " + seenCents + by + span(this);
    }
  }

  /**
   * A question how the item is.
   *
   * @param callNs when it was sent
   * @param returnNs when the answer was there
   * @param seenCents the price; 0 if nobody had bid
   * @param seenBidder whose price; empty if it was not told
   */
  record Read(long callNs, long returnNs, long seenCents, Optional<String> seenBidder)
      implements BidOperation {
    @Override
    public String words() {
      String by = seenBidder.map(name -> " of " + name).orElse("");
      return "read " + seenCents + by + span(this);
    }
  }

  /**
   * A bid whose fate is not known: it may have been accepted, be it long after, or not.
   *
   * @param callNs when it was sent
   * @param user who bid
   * @param cents how much
   */
  record Unknown(long callNs, String user, long cents) implements BidOperation {
    @Override
    public long returnNs() {
      return Long.MAX_VALUE;
    }

    @Override
    public String words() {
      return user + "'s bid of " + cents + " without an answer" + span(this);
    }
  }

  private static String span(BidOperation operation) {
    String end = operation.returnNs() == Long.MAX_VALUE ? "never" : operation.returnNs() + " ns";
    return " (" + operation.callNs() + " ns to " + end + ")";
  }
}

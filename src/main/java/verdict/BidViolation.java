package verdict;

import java.util.Optional;

/**
 * A counter-example: why no order of the requests explains what their clients saw.
 *
 * @param rule which is broken
 * @param operation the request that breaks it
 * @param other the one with which it cannot be reconciled; empty if it is wrong by itself
 */
public record BidViolation(Rule rule, BidOperation operation, Optional<BidOperation> other) {
  /** What a history must keep. */
  public enum Rule {
    /** No two bids of one amount are accepted. */
    ACCEPTED_ONCE("two bids of one amount were accepted"),
    /** A bid is rejected only by a price that is not below it. */
    REJECTED_RIGHTLY("a bid was rejected by a lower price"),
    /** A price that was seen is 0 or a bid that was accepted, or may have been. */
    PRICE_WAS_BID("a price was seen that nobody bid with success"),
    /** The price and whose it is belong to one bid. */
    PAIR_FITS("a price was seen with somebody else's name"),
    /** An accepted bid was told the accepted bid just below it. */
    PREVIOUS_IS_TRUE("an accepted bid was told another price than it had beaten"),
    /** Some order keeps both the prices' and the clock's. */
    ORDER_EXISTS("prices were seen in an order in which they cannot have been");

    private final String words;

    Rule(String words) {
      this.words = words;
    }

    /** What is wrong, as a clause. */
    public String words() {
      return words;
    }
  }

  /** The counter-example as a sentence. */
  public String sentence() {
    String against = other.map(operation -> "; but " + operation.words()).orElse("");
    return rule.words() + ": " + operation.words() + against;
  }
}

package verdict;

import java.util.Optional;

/**
 * A counter-example: no order of the requests explains the answers of their clients.
 *
 * @param rule the broken rule
 * @param operation the request that breaks it
 * @param other the request that it contradicts; empty if it is wrong by itself
 */
public record BidViolation(Rule rule, BidOperation operation, Optional<BidOperation> other) {
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

package targets.auction.bid;

import java.util.LinkedHashMap;
import java.util.Map;
import targets.auction.Cents;

/**
 * A reply as it is sent.
 *
 * @param status of HTTP
 * @param body JSON of it
 */
record BidReply(int status, Map<String, Object> body) {
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int UNAVAILABLE = 503;

  /** Any reply. */
  static BidReply of(int status, Map<String, Object> body) {
    return new BidReply(status, body);
  }

  /** A refusal with its reason. */
  static BidReply error(int status, String reason) {
    return new BidReply(status, Map.of("error", reason));
  }

  /** Nothing was decided, or nobody knows: {@code false} or {@code unknown}. */
  static BidReply undecided(String reason, String decided) {
    return new BidReply(UNAVAILABLE, Map.of("error", reason, "decided", decided));
  }

  /** The reply to a bid. */
  static BidReply of(Bid bid, Decision decision) {
    return switch (decision.kind()) {
      case ACCEPTED -> accepted(bid, decision);
      case REJECTED -> rejected(bid, decision);
      default -> of(bid.itemId(), decision);
    };
  }

  /** The reply to a question or a change. */
  static BidReply of(String itemId, Decision decision) {
    return switch (decision.kind()) {
      case UNKNOWN -> error(NOT_FOUND, "there is no item " + itemId + "; PUT makes it");
      case CLOSED -> error(CONFLICT, "the item " + itemId + " is closed");
      case MISUSED_KEY -> error(CONFLICT, "this idempotency key was used for another bid");
      case STATE, SAME -> new BidReply(OK, item(itemId, decision));
      case CHANGED -> new BidReply(decision.sequence() == 1 ? CREATED : OK, item(itemId, decision));
      case UNSURE -> undecided(decision.reason(), "unknown");
      case AWAY, BUSY, FULL -> undecided(decision.reason(), "false");
      case ACCEPTED, REJECTED ->
          throw new IllegalArgumentException("the answer to a bid: " + decision);
    };
  }

  private static BidReply accepted(Bid bid, Decision decision) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("success", true);
    body.put("message", "the bid is the highest");
    body.put("current_bid", Cents.decimal(bid.cents()));
    body.put("your_bid", Cents.decimal(bid.cents()));
    body.put("is_highest", true);
    body.put("event_id", decision.eventId());
    body.put("bid_id", decision.bidId());
    body.put("previous_bid", Cents.decimal(decision.priceCents()));
    body.put("sequence", decision.sequence());
    return new BidReply(CREATED, body);
  }

  private static BidReply rejected(Bid bid, Decision decision) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("success", false);
    body.put("message", "the bid must be above " + Cents.decimal(decision.priceCents()));
    body.put("current_bid", Cents.decimal(decision.priceCents()));
    body.put("your_bid", Cents.decimal(bid.cents()));
    body.put("is_highest", false);
    body.put("highest_bidder_id", decision.bidder().orElse(null));
    body.put("sequence", decision.sequence());
    return new BidReply(OK, body);
  }

  private static Map<String, Object> item(String itemId, Decision decision) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", itemId);
    body.put("current_bid", Cents.decimal(decision.priceCents()));
    body.put("highest_bidder_id", decision.bidder().orElse(null));
    body.put("status", decision.status());
    body.put("sequence", decision.sequence());
    return body;
  }
}

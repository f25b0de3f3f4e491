package targets.auction.bid;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import targets.auction.Cents;
import targets.auction.bid.Decision.Kind;

/** An HTTP reply: its status and JSON. */
record BidReply(int status, Map<String, Object> body) {
  static BidReply error(int status, String reason) {
    return new BidReply(status, Map.of("error", reason));
  }

  /** Returns a 503 that reports whether the bid was decided: {@code false} or {@code unknown}. */
  static BidReply undecided(String reason, String decided) {
    return new BidReply(503, Map.of("error", reason, "decided", decided));
  }

  /** Returns the reply to a bid. */
  static BidReply of(Bid bid, Decision decision) {
    boolean wins = decision.kind() == Kind.ACCEPTED;
    if (!wins && decision.kind() != Kind.REJECTED) {
      return of(bid.itemId(), decision);
    }
    BigDecimal amount = Cents.decimal(bid.cents());
    BigDecimal price = Cents.decimal(decision.item().priceCents());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("success", wins);
    body.put("message", wins ? "the bid is the highest" : "the bid must be above " + price);
    body.put("current_bid", wins ? amount : price);
    body.put("your_bid", amount);
    body.put("is_highest", wins);
    if (wins) {
      body.put("event_id", decision.eventId());
      body.put("bid_id", decision.bidId());
      body.put("previous_bid", price);
    } else {
      body.put("highest_bidder_id", bidder(decision.item()));
    }
    body.put("sequence", decision.item().sequence());
    return new BidReply(wins ? 201 : 200, body);
  }

  /** Returns the reply to a read or a change. */
  static BidReply of(String itemId, Decision decision) {
    return switch (decision.kind()) {
      case UNKNOWN -> error(404, "there is no item " + itemId + "; PUT creates it");
      case CLOSED -> error(409, "the item " + itemId + " is closed");
      case MISUSED_KEY -> error(409, "this idempotency key was used for another bid");
      case STATE, SAME -> item(200, itemId, decision.item());
      case CHANGED -> item(decision.item().sequence() == 1 ? 201 : 200, itemId, decision.item());
      case UNSURE -> undecided(decision.reason(), "unknown");
      case AWAY, BUSY, FULL -> undecided(decision.reason(), "false");
      case ACCEPTED, REJECTED ->
          throw new IllegalArgumentException("the result of a bid: " + decision);
    };
  }

  private static BidReply item(int status, String itemId, Decision.Item item) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", itemId);
    body.put("current_bid", Cents.decimal(item.priceCents()));
    body.put("highest_bidder_id", bidder(item));
    body.put("status", item.status());
    body.put("sequence", item.sequence());
    return new BidReply(status, body);
  }

  private static String bidder(Decision.Item item) {
    return item.bidder().isEmpty() ? null : item.bidder();
  }
}

package targets.auction.bid;

import java.util.Optional;

/**
 * What became of a request.
 *
 * @param kind the answer
 * @param priceCents of an accepted bid the price that it found, else the item's price
 * @param bidder of an accepted bid the one before, else whose price it is; empty for none
 * @param sequence of the item's last event
 * @param status {@code open} or {@code closed}; empty where it was not asked for
 * @param eventId of an accepted bid, else empty
 * @param bidId of an accepted bid, else empty
 * @param reason why nothing was decided; empty if something was
 */
record Decision(
    Kind kind,
    long priceCents,
    Optional<String> bidder,
    long sequence,
    String status,
    String eventId,
    String bidId,
    String reason) {
  /** The possible answers. */
  enum Kind {
    /** The bid is the highest. */
    ACCEPTED,
    /** The bid is not above the price. */
    REJECTED,
    /** The item takes no bids. */
    CLOSED,
    /** There is no such item. */
    UNKNOWN,
    /** How the item is. */
    STATE,
    /** The item was made, opened, closed or reset. */
    CHANGED,
    /** The item was as wished already. */
    SAME,
    /** The idempotency key belongs to another bid. */
    MISUSED_KEY,
    /** Too many events wait to be published; nothing was done. */
    FULL,
    /** Too many others bid at once; nothing was done. */
    BUSY,
    /** Redis did not get the request; nothing was done. */
    AWAY,
    /** Redis got the request and did not answer: it may have been done. */
    UNSURE
  }

  /** Nothing was done, or nobody knows. */
  static Decision none(Kind kind, String reason) {
    return new Decision(kind, 0, Optional.empty(), 0, "", "", "", reason);
  }

  /** With another kind and another price. */
  Decision with(Kind other, long otherCents) {
    return new Decision(other, otherCents, bidder, sequence, status, eventId, bidId, reason);
  }
}

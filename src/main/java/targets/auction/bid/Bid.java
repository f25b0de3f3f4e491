package targets.auction.bid;

import java.util.Optional;
import targets.auction.AuctionEvent;
import targets.auction.Names;

/**
 * A valid bid that is not yet decided.
 *
 * @param cents amount, more than 0
 * @param eventId identifier of the event, if the bid is accepted
 * @param bidId identifier of the bid, if it is accepted
 */
public record Bid(
    String itemId,
    String userId,
    long cents,
    String eventId,
    String bidId,
    Optional<String> requestKey) {
  /** Returns the event of an accepted bid; the item carries the new sequence. */
  public AuctionEvent event(Decision.Item before, long atMicros) {
    return new AuctionEvent(
        AuctionEvent.Kind.BID,
        eventId,
        itemId,
        before.sequence(),
        bidId,
        userId,
        cents,
        before.priceCents(),
        atMicros);
  }

  /** Returns the keys and values that an accepted bid sets, for MSET. */
  public String[] newState(long sequence) {
    return new String[] {
      Names.currentBid(itemId),
      Long.toString(cents),
      Names.highestBidder(itemId),
      userId,
      Names.sequence(itemId),
      Long.toString(sequence)
    };
  }
}

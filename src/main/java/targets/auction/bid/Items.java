package targets.auction.bid;

/** Decides bids, reads and changes items. Thread-safe; each call ends within the Redis timeout. */
public interface Items {
  enum Change {
    /** Creates the item, open for bids. */
    MAKE,
    OPEN,
    CLOSE,
    /** Sets the price to 0, without a bidder, and opens the item. */
    RESET
  }

  Decision bid(Bid bid);

  Decision read(String itemId);

  /** Changes an item; the event gets the id given. */
  Decision change(String itemId, Change change, String eventId);
}

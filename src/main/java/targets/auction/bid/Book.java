package targets.auction.bid;

/** Decides, reads and changes items. Thread-safe; each call ends within the Redis time-out. */
interface Book {
  /** What can be done with an item. */
  enum Change {
    /** It is made, and takes bids. */
    MAKE,
    /** It takes bids. */
    OPEN,
    /** It takes none. */
    CLOSE,
    /** Its price is 0 again, nobody has bid, and it takes bids. */
    RESET
  }

  /** Decides a bid. */
  Decision bid(Bid bid);

  /** How an item is. */
  Decision read(String itemId);

  /** Makes, opens, closes or resets an item. */
  Decision change(String itemId, Change change, String eventId);
}

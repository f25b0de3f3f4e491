package targets.auction.bid;

import java.util.Locale;

/** Decides bids, reads and changes items. Thread-safe; each call ends within the Redis timeout. */
public interface Items {
  /** A change of an item. */
  enum Change {
    /** Creates the item, open for bids. */
    MAKE,
    /** Opens the item for bids. */
    OPEN,
    /** Closes the item. */
    CLOSE,
    /** Sets the price to 0, without a bidder, and opens the item. */
    RESET;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Decides a bid. */
  Decision bid(Bid bid);

  /** Reads an item. */
  Decision read(String itemId);

  /** Changes an item; the event gets the id given. */
  Decision change(String itemId, Change change, String eventId);
}

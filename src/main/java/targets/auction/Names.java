package targets.auction;

import java.util.regex.Pattern;

/** Subjects of NATS and keys of Redis. Those of the original, and what it had no use for. */
public final class Names {
  /** The JetStream stream that holds every event. */
  public static final String STORE = "BID_EVENTS";

  /** Where events are published to be stored; the item's id follows. */
  public static final String STORED_PREFIX = "bid.events.";

  /** Where JetStream says again what it has stored, for fan-out; the item's id follows. */
  public static final String LIVE_PREFIX = "bid_events.";

  /** The Redis stream of what is still to be published. */
  public static final String EVENT_LOG = "auction:events";

  /** The last entry of {@link #EVENT_LOG} that JetStream has. */
  public static final String PUBLISHED = "auction:events:published";

  /** Which process publishes. */
  public static final String PUBLISHER = "auction:events:publisher";

  /** What {@link #isItemId} takes, for messages. */
  public static final String ITEM_ID_WORDS = "1 to 128 letters, digits, '-' or '_'";

  private static final Pattern ITEM_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private Names() {}

  /** Ids are parts of subjects, keys and paths: nothing in them may mean anything there. */
  public static boolean isItemId(String text) {
    return ITEM_ID.matcher(text).matches();
  }

  /** The subject that stores an item's events. */
  public static String stored(String itemId) {
    return STORED_PREFIX + itemId;
  }

  /** The subject on which an item's events are heard. */
  public static String live(String itemId) {
    return LIVE_PREFIX + itemId;
  }

  /** The highest bid, in whole cents. */
  public static String currentBid(String itemId) {
    return "item:" + itemId + ":current_bid";
  }

  /** Who made it. */
  public static String highestBidder(String itemId) {
    return "item:" + itemId + ":highest_bidder";
  }

  /** {@code open} or {@code closed}; missing if there is no such item. */
  public static String status(String itemId) {
    return "item:" + itemId + ":status";
  }

  /** The number of the item's last event. */
  public static String sequence(String itemId) {
    return "item:" + itemId + ":sequence";
  }

  /** What a request with an idempotency key was answered. */
  public static String request(String itemId, String key) {
    return "item:" + itemId + ":request:" + key;
  }
}

package targets.auction;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The names of the auction's planted mistakes; all are off by default. */
public final class AuctionDefects {
  /** Bids: replies and previous bids are cut to whole units, as a Lua number in a reply is. */
  public static final String TRUNCATE_CENTS = "truncate-cents";

  /** Bids: the price is read, compared outside Redis, and then set. */
  public static final String LOST_UPDATE = "lost-update";

  /** Bids: one that equals the price is accepted too. */
  public static final String DOUBLE_ACCEPT = "double-accept";

  /** Bids: the price and who bid it are read one after the other. */
  public static final String TORN_PAIR = "torn-pair";

  /** Bids: refused by a price that this process remembered up to a second ago. */
  public static final String STALE_REJECT = "stale-reject";

  /**
   * Bids: the previous bid of an accepted one is the one that this process accepted last but one.
   */
  public static final String WRONG_PREVIOUS = "wrong-previous";

  /** Bids: one that equals the price is told to be rejected, and takes the item all the same. */
  public static final String REJECT_EQUAL_ACCEPTS = "reject-equal-accepts";

  /** Bids: a reset is answered and not done. */
  public static final String RESET_DOES_NOTHING = "reset-does-nothing";

  /** Bids: accepted by what this process remembers while Redis is away. */
  public static final String ACCEPT_WHEN_REDIS_DOWN = "accept-when-redis-down";

  /** Broadcast: every tenth event of an item changes places with the next. */
  public static final String EVENTS_OUT_OF_ORDER = "events-out-of-order";

  /** Broadcast: every tenth event of an item is not passed on. */
  public static final String LOST_EVENT = "lost-event";

  /** Broadcast: every tenth event of an item is passed on twice. */
  public static final String DUPLICATE_EVENT = "duplicate-event";

  /** Archive: a bid is inserted before its item, refused by the foreign key, and given up. */
  public static final String ARCHIVE_BEFORE_ITEM = "archive-before-item";

  /** What the bid service knows. */
  public static final Set<String> OF_BIDS =
      ordered(
          TRUNCATE_CENTS,
          LOST_UPDATE,
          DOUBLE_ACCEPT,
          TORN_PAIR,
          STALE_REJECT,
          WRONG_PREVIOUS,
          REJECT_EQUAL_ACCEPTS,
          RESET_DOES_NOTHING,
          ACCEPT_WHEN_REDIS_DOWN);

  /** What the broadcast service knows. */
  public static final Set<String> OF_BROADCAST =
      ordered(EVENTS_OUT_OF_ORDER, LOST_EVENT, DUPLICATE_EVENT);

  /** What the archive knows. */
  public static final Set<String> OF_ARCHIVE = ordered(ARCHIVE_BEFORE_ITEM);

  private AuctionDefects() {}

  private static Set<String> ordered(String... names) {
    return new LinkedHashSet<>(List.of(names));
  }
}

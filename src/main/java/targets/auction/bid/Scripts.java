package targets.auction.bid;

import java.util.List;
import targets.auction.AuctionDefects;
import targets.shared.Defects;

/**
 * The scripts that run inside Redis.
 *
 * @param bid decides a bid
 * @param item makes, opens, closes and resets
 */
record Scripts(Script bid, Script item) {
  private static final String BELOW = "tonumber(ARGV[2]) <= tonumber(price)";
  private static final String REJECTED = "  answer = {'rejected'";

  /** The scripts, with the mistakes that are switched on. */
  static Scripts of(Defects defects) {
    String bid = Script.resource("bid.lua");
    if (defects.has(AuctionDefects.DOUBLE_ACCEPT)) {
      bid = replaced(bid, BELOW, "tonumber(ARGV[2]) < tonumber(price)");
    }
    if (defects.has(AuctionDefects.REJECT_EQUAL_ACCEPTS)) {
      String takes = "  if ARGV[2] == price then redis.call('SET', KEYS[2], ARGV[3]) end\n";
      bid = replaced(bid, REJECTED, takes + REJECTED);
    }
    return new Scripts(Script.of(bid), Script.of(Script.resource("item.lua")));
  }

  List<Script> all() {
    return List.of(bid, item);
  }

  private static String replaced(String text, String what, String by) {
    if (!text.contains(what)) {
      throw new IllegalStateException("bid.lua has no '" + what + "' to plant a mistake in");
    }
    return text.replace(what, by);
  }
}

package targets.defects;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import redis.clients.jedis.StreamEntryID;
import targets.auction.Names;
import targets.auction.bid.Bid;
import targets.auction.bid.BidServer;
import targets.auction.bid.Decision;
import targets.auction.bid.Decision.Item;
import targets.auction.bid.Decision.Kind;
import targets.auction.bid.Items;
import targets.auction.bid.RedisLane;
import targets.shared.Clocks;
import targets.shared.TargetSpec;

/** The defects of the bid service. */
public final class BidDefects implements BidServer.Seam {
  /** Replies and previous bids are cut to whole units, as a Lua number in a reply is. */
  private static final String TRUNCATE_CENTS = "truncate-cents";

  /** The price is read, compared outside Redis, and then set. */
  private static final String LOST_UPDATE = "lost-update";

  /** A bid that equals the price is accepted. */
  private static final String DOUBLE_ACCEPT = "double-accept";

  /** Price and bidder are read one after the other. */
  private static final String TORN_PAIR = "torn-pair";

  /** Bids are rejected by a price that is up to a second old. */
  private static final String STALE_REJECT = "stale-reject";

  /** The previous bid of an accepted one is the last but one that this process accepted. */
  private static final String WRONG_PREVIOUS = "wrong-previous";

  /** A bid that equals the price is reported as rejected, and becomes the highest. */
  private static final String REJECT_EQUAL_ACCEPTS = "reject-equal-accepts";

  /** A reset is answered and not done. */
  private static final String RESET_DOES_NOTHING = "reset-does-nothing";

  /** Bids are accepted from memory while Redis is away. */
  private static final String ACCEPT_WHEN_REDIS_DOWN = "accept-when-redis-down";

  private static final List<String> NAMES =
      List.of(
          TRUNCATE_CENTS,
          LOST_UPDATE,
          DOUBLE_ACCEPT,
          TORN_PAIR,
          STALE_REJECT,
          WRONG_PREVIOUS,
          REJECT_EQUAL_ACCEPTS,
          RESET_DOES_NOTHING,
          ACCEPT_WHEN_REDIS_DOWN);

  private static final PlantedError ERROR =
      new PlantedError(
          (method, path) -> path.startsWith("/api/v1/items/"),
          500,
          Map.of("error", "a planted error"),
          List.of());

  /** The bid service with {@code --defect}. */
  public static final TargetSpec SPEC =
      Defects.around(
          BidServer.SPEC,
          NAMES,
          (reader, defects) ->
              BidServer.start(
                  reader, new BidDefects(defects, Clocks.SYSTEM.nano()), defects.troubles(ERROR)));

  private static final String BELOW = "tonumber(ARGV[2]) <= tonumber(price)";
  private static final String REJECTED = "  answer = {'rejected'";
  private static final long STALE_NS = 1_000_000_000;
  private static final long WHOLE = 100;

  private final Defects defects;
  private final LongSupplier nanoClock;

  private BidDefects(Defects defects, LongSupplier nanoClock) {
    this.defects = defects;
    this.nanoClock = nanoClock;
  }

  @Override
  public String script(String text) {
    String script = text;
    if (defects.has(DOUBLE_ACCEPT)) {
      script = replaced(script, BELOW, "tonumber(ARGV[2]) < tonumber(price)");
    }
    if (defects.has(REJECT_EQUAL_ACCEPTS)) {
      String takes = "  if ARGV[2] == price then redis.call('SET', KEYS[2], ARGV[3]) end\n";
      script = replaced(script, REJECTED, takes + REJECTED);
    }
    return script;
  }

  @Override
  public Items items(Items honest, RedisLane lane) {
    return NAMES.stream().anyMatch(defects::has) ? new Defective(honest, lane) : honest;
  }

  private static String replaced(String text, String what, String by) {
    if (!text.contains(what)) {
      throw new IllegalStateException("bid.lua has no '" + what + "' to plant a defect in");
    }
    return text.replace(what, by);
  }

  /**
   * The last accepted bid of an item in this process.
   *
   * @param beforeCents price before it
   */
  private record Memory(long cents, String user, long beforeCents, long atNs) {}

  /** Items with the defects that are made outside Redis. Thread-safe. */
  private final class Defective implements Items {
    private final Map<String, Memory> memories = new ConcurrentHashMap<>();
    private final Items honest;
    private final RedisLane lane;

    Defective(Items honest, RedisLane lane) {
      this.honest = honest;
      this.lane = lane;
    }

    @Override
    public Decision bid(Bid bid) {
      Memory memory = memories.get(bid.itemId());
      if (defects.has(STALE_REJECT) && isFresh(memory) && bid.cents() <= memory.cents()) {
        return Decision.of(Kind.REJECTED, new Item(memory.cents(), memory.user(), 0, "open"));
      }
      Decision decision = defects.has(LOST_UPDATE) ? readThenSet(bid) : honest.bid(bid);
      if (decision.kind() == Kind.AWAY && defects.has(ACCEPT_WHEN_REDIS_DOWN)) {
        decision = fromMemory(bid, memory);
      }
      if (decision.kind() == Kind.ACCEPTED && !(defects.has(STALE_REJECT) && isFresh(memory))) {
        long before = decision.item().priceCents();
        memories.put(
            bid.itemId(), new Memory(bid.cents(), bid.userId(), before, nanoClock.getAsLong()));
      }
      return shown(decision, memory);
    }

    @Override
    public Decision read(String itemId) {
      Decision decision = honest.read(itemId);
      if (decision.kind() != Kind.STATE || !defects.has(TORN_PAIR)) {
        return decision;
      }
      Item item = decision.item();
      String later = honest.read(itemId).item().bidder();
      return Decision.of(
          Kind.STATE, new Item(item.priceCents(), later, item.sequence(), item.status()));
    }

    @Override
    public Decision change(String itemId, Change change, String eventId) {
      boolean nothing = change == Change.RESET && defects.has(RESET_DOES_NOTHING);
      return nothing ? honest.read(itemId) : honest.change(itemId, change, eventId);
    }

    private boolean isFresh(Memory memory) {
      return memory != null && nanoClock.getAsLong() - memory.atNs() < STALE_NS;
    }

    private Decision shown(Decision decision, Memory memory) {
      long cents = decision.item().priceCents();
      boolean decided = decision.kind() == Kind.ACCEPTED || decision.kind() == Kind.REJECTED;
      if (decided && defects.has(TRUNCATE_CENTS)) {
        return withPrice(decision, cents / WHOLE * WHOLE);
      }
      if (decision.kind() == Kind.ACCEPTED && defects.has(WRONG_PREVIOUS)) {
        return withPrice(decision, memory == null ? 0 : memory.beforeCents());
      }
      return decision;
    }

    private Decision withPrice(Decision decision, long cents) {
      Item item = decision.item();
      return new Decision(
          decision.kind(),
          new Item(cents, item.bidder(), item.sequence(), item.status()),
          decision.eventId(),
          decision.bidId(),
          "");
    }

    private Decision fromMemory(Bid bid, Memory memory) {
      Item item = new Item(memory == null ? 0 : memory.cents(), "", 0, "open");
      return bid.cents() > item.priceCents()
          ? Decision.accepted(bid, item)
          : Decision.of(Kind.REJECTED, item);
    }

    private Decision readThenSet(Bid bid) {
      Decision now = honest.read(bid.itemId());
      Item item = now.item();
      if (now.kind() != Kind.STATE) {
        return now;
      }
      if (!item.status().equals("open") || bid.cents() <= item.priceCents()) {
        return Decision.of(item.status().equals("open") ? Kind.REJECTED : Kind.CLOSED, item);
      }
      Item after = new Item(item.priceCents(), item.bidder(), item.sequence() + 1, "open");
      lane.call(pipeline -> pipeline.mset(bid.newState(after.sequence())), done -> now);
      Map<String, String> entry = bid.event(after, 0).logEntry();
      lane.call(
          pipeline -> pipeline.xadd(Names.EVENT_LOG, StreamEntryID.NEW_ENTRY, entry), done -> now);
      return Decision.accepted(bid, after);
    }
  }
}

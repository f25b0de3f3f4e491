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
import targets.defects.CommonDefects.Requests;
import targets.shared.Clocks;
import targets.shared.TargetSpec;

/** The defects of the bid service. */
public final class BidDefects {
  private static final Defect TRUNCATE_CENTS = Defect.of("truncate-cents");
  private static final Defect LOST_UPDATE = Defect.of("lost-update");
  private static final Defect DOUBLE_ACCEPT = Defect.of("double-accept");
  private static final Defect TORN_PAIR = Defect.of("torn-pair");
  private static final Defect STALE_REJECT = Defect.of("stale-reject");
  private static final Defect WRONG_PREVIOUS = Defect.of("wrong-previous");
  private static final Defect REJECT_EQUAL_ACCEPTS = Defect.of("reject-equal-accepts");
  private static final Defect RESET_DOES_NOTHING = Defect.of("reset-does-nothing");
  private static final Defect ACCEPT_WHEN_REDIS_DOWN = Defect.of("accept-when-redis-down");

  private static final List<Defect> ALL =
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

  /** The bid service with {@code --defect}. */
  public static final TargetSpec SPEC =
      Defects.around(
          BidServer.SPEC,
          Requests.of(".* /api/v1/items/.*"),
          ALL,
          (reader, defects, common) -> BidServer.start(reader, new Seam(defects), common));

  private BidDefects() {}

  private record Seam(Defects defects) implements BidServer.Seam {
    @Override
    public String script(String text) {
      String equal =
          defects.plant(
              DOUBLE_ACCEPT,
              text,
              lua -> replaced(lua, "ARGV[2]) <= tonumber(price)", "ARGV[2]) < tonumber(price)"));
      String takes = "  if ARGV[2] == price then redis.call('SET', KEYS[2], ARGV[3]) end\n";
      String rejected = "  answer = {'rejected'";
      return defects.plant(
          REJECT_EQUAL_ACCEPTS, equal, lua -> replaced(lua, rejected, takes + rejected));
    }

    @Override
    public Items items(Items honest, RedisLane lane) {
      boolean any = ALL.stream().anyMatch(defects::has);
      return any ? new DefectiveItems(defects, honest, lane) : honest;
    }

    private static String replaced(String text, String what, String by) {
      if (!text.contains(what)) {
        throw new IllegalStateException("bid.lua has no '" + what + "' to plant a defect in");
      }
      return text.replace(what, by);
    }
  }

  /** Items with the defects that are made outside Redis. Thread-safe. */
  private static final class DefectiveItems implements Items {
    private static final long STALE_NS = 1_000_000_000;
    private static final long WHOLE = 100;

    private final Map<String, Memory> memories = new ConcurrentHashMap<>();
    private final Defects defects;
    private final Items honest;
    private final RedisLane lane;
    private final LongSupplier nanoClock = Clocks.SYSTEM.nano();

    /**
     * The last accepted bid of an item in this process.
     *
     * @param beforeCents price before it
     */
    private record Memory(long cents, String user, long beforeCents, long atNs) {
      private static final Memory NONE = new Memory(0, "", 0, 0);
    }

    DefectiveItems(Defects defects, Items honest, RedisLane lane) {
      this.defects = defects;
      this.honest = honest;
      this.lane = lane;
    }

    @Override
    public Decision bid(Bid bid) {
      Memory memory = memories.getOrDefault(bid.itemId(), Memory.NONE);
      long nowNs = nanoClock.getAsLong();
      boolean stale =
          defects.has(STALE_REJECT) && memory != Memory.NONE && nowNs - memory.atNs < STALE_NS;
      if (stale && bid.cents() <= memory.cents) {
        return Decision.of(Kind.REJECTED, new Item(memory.cents, memory.user, 0, "open"));
      }
      Decision decision = defects.has(LOST_UPDATE) ? readThenSet(bid) : honest.bid(bid);
      if (decision.kind() == Kind.AWAY && defects.has(ACCEPT_WHEN_REDIS_DOWN)) {
        decision = decided(bid, new Item(memory.cents, "", 0, "open"));
      }
      if (decision.kind() == Kind.ACCEPTED && !stale) {
        long before = decision.item().priceCents();
        memories.put(bid.itemId(), new Memory(bid.cents(), bid.userId(), before, nowNs));
      }
      return shown(decision, memory.beforeCents);
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

    private Decision shown(Decision decision, long wrongCents) {
      boolean accepted = decision.kind() == Kind.ACCEPTED;
      if (!accepted && decision.kind() != Kind.REJECTED) {
        return decision;
      }
      Item item = decision.item();
      boolean wrong = accepted && defects.has(WRONG_PREVIOUS);
      long cents = wrong ? wrongCents : item.priceCents();
      long shown = defects.has(TRUNCATE_CENTS) ? cents / WHOLE * WHOLE : cents;
      return new Decision(
          decision.kind(),
          new Item(shown, item.bidder(), item.sequence(), item.status()),
          decision.eventId(),
          decision.bidId(),
          "");
    }

    private Decision readThenSet(Bid bid) {
      Decision now = honest.read(bid.itemId());
      if (now.kind() != Kind.STATE) {
        return now;
      }
      Item item = now.item();
      Item after = new Item(item.priceCents(), item.bidder(), item.sequence() + 1, item.status());
      Decision decision = decided(bid, after);
      if (decision.kind() != Kind.ACCEPTED) {
        return Decision.of(decision.kind(), item);
      }
      Map<String, String> entry = bid.event(after, 0).logEntry();
      lane.call(pipeline -> pipeline.mset(bid.newState(after.sequence())), done -> now);
      lane.call(
          pipeline -> pipeline.xadd(Names.EVENT_LOG, StreamEntryID.NEW_ENTRY, entry), done -> now);
      return decision;
    }

    private static Decision decided(Bid bid, Item item) {
      if (!item.status().equals("open")) {
        return Decision.of(Kind.CLOSED, item);
      }
      return bid.cents() > item.priceCents()
          ? Decision.accepted(bid, item)
          : Decision.of(Kind.REJECTED, item);
    }
  }
}

package targets.defects;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import redis.clients.jedis.StreamEntryID;
import targets.auction.AuctionEvent;
import targets.auction.Names;
import targets.auction.archive.ArchiveServer;
import targets.auction.archive.ArchiveServer.EventArchive;
import targets.auction.bid.Bid;
import targets.auction.bid.BidServer;
import targets.auction.bid.Decision;
import targets.auction.bid.Decision.Item;
import targets.auction.bid.Decision.Kind;
import targets.auction.bid.Items;
import targets.auction.bid.RedisLane;
import targets.auction.broadcast.BroadcastServer;
import targets.defects.CommonDefects.Requests;
import targets.defects.Shuffle.Fate;
import targets.shared.Clocks;
import targets.shared.Delivery;
import targets.shared.PushMessage;
import targets.shared.TargetSpec;

/** The defects of the bid service, the broadcast service and the archive. */
public final class AuctionDefects {
  private static final String OF_BIDS =
      "truncate-cents, lost-update, double-accept, torn-pair, stale-reject, wrong-previous,"
          + " reject-equal-accepts, reset-does-nothing, accept-when-redis-down";

  public static final TargetSpec BIDS =
      Defects.around(
          BidServer.SPEC,
          Requests.of(".* /api/v1/items/.*"),
          OF_BIDS,
          (reader, defects, common) -> BidServer.start(reader, new BidSeam(defects), common));

  public static final TargetSpec BROADCAST =
      Defects.around(
          BroadcastServer.SPEC,
          Requests.of(".* /ws/items/.*", "refused_requests"),
          "events-out-of-order, lost-event, duplicate-event, " + Defects.STOPPING,
          (reader, defects, common) ->
              BroadcastServer.start(reader, new BroadcastSeam(defects), common));

  public static final TargetSpec ARCHIVE =
      Defects.around(
          ArchiveServer.SPEC,
          Requests.NONE,
          "archive-before-item",
          (reader, defects, common) ->
              ArchiveServer.start(
                  reader,
                  honest ->
                      defects.plant("archive-before-item", honest, AuctionDefects::beforeItem),
                  common));

  private static final String FOREIGN_KEY_VIOLATION = "23503";
  private static final int EVERY = 10;
  private static final long STALE_NS = 1_000_000_000;
  private static final long WHOLE = 100;

  private AuctionDefects() {}

  /**
   * Refuses the first bid of each item, as by the foreign key, when it is stored alone; so the
   * archive splits batches, and gives that bid up.
   */
  private static EventArchive beforeItem(EventArchive honest) {
    Set<String> items = new HashSet<>();
    return events -> {
      for (AuctionEvent event : events) {
        String item = event.itemId();
        if (event.kind() == AuctionEvent.Kind.BID && !items.contains(item)) {
          if (events.size() == 1) {
            items.add(item);
          }
          throw new SQLException("the item " + item + " is missing", FOREIGN_KEY_VIOLATION);
        }
      }
      return honest.store(events);
    };
  }

  private record BroadcastSeam(Defects defects) implements BroadcastServer.Seam {
    /**
     * Each defect affects one of ten events of an item, another one for each defect, so that
     * several do not hide each other.
     */
    @Override
    public Consumer<byte[]> path(Consumer<byte[]> honest) {
      AtomicLong events = new AtomicLong();
      return new Shuffle<>(
          honest,
          event ->
              switch ((int) (events.incrementAndGet() % EVERY)) {
                case 0 -> defects.plant("lost-event", Fate.PASSED, all -> Fate.LOST);
                case 4 -> defects.plant("duplicate-event", Fate.PASSED, all -> Fate.REPEATED);
                case 7 -> defects.plant("events-out-of-order", Fate.PASSED, all -> Fate.SWAPPED);
                default -> Fate.PASSED;
              });
    }

    @Override
    public Delivery<PushMessage> delivery(Delivery<PushMessage> honest) {
      return defects.stopping(honest);
    }
  }

  private record BidSeam(Defects defects) implements BidServer.Seam {
    @Override
    public String script(String text) {
      String takes = "  if ARGV[2] == price then redis.call('SET', KEYS[2], ARGV[3]) end\n";
      String rejected = "  answer = {'rejected'";
      String equal =
          planted("double-accept", text, "[2]) <= tonumber(price)", "[2]) < tonumber(price)");
      return planted("reject-equal-accepts", equal, rejected, takes + rejected);
    }

    private String planted(String defect, String text, String what, String by) {
      if (defects.has(defect) && !text.contains(what)) {
        throw new IllegalStateException("bid.lua has no '" + what + "' to plant a defect in");
      }
      return defects.plant(defect, text, lua -> lua.replace(what, by));
    }

    @Override
    public Items items(Items honest, RedisLane lane) {
      return defects.hasAny(List.of(OF_BIDS.split(", ")))
          ? new DefectiveItems(defects, honest, lane, new ConcurrentHashMap<>())
          : honest;
    }
  }

  /** Items with the defects that are made outside Redis. Thread-safe. */
  private record DefectiveItems(
      Defects defects, Items honest, RedisLane lane, Map<String, Memory> memories)
      implements Items {
    @Override
    public Decision bid(Bid bid) {
      long nowNs = Clocks.SYSTEM.nowNs();
      Memory none = new Memory(0, "", 0, nowNs - STALE_NS);
      Memory memory = memories.getOrDefault(bid.itemId(), none);
      boolean stale = defects.has("stale-reject") && nowNs - memory.atNs < STALE_NS;
      if (stale && bid.cents() <= memory.cents) {
        return Decision.of(Kind.REJECTED, new Item(memory.cents, memory.user, 0, "open"));
      }
      Decision decision = defects.has("lost-update") ? readThenSet(bid) : honest.bid(bid);
      if (decision.kind() == Kind.AWAY && defects.has("accept-when-redis-down")) {
        decision = bid.on(new Item(memory.cents, "", 0, "open"));
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
      if (decision.kind() != Kind.STATE || !defects.has("torn-pair")) {
        return decision;
      }
      Item item = decision.item();
      String later = honest.read(itemId).item().bidder();
      return Decision.of(
          Kind.STATE, new Item(item.priceCents(), later, item.sequence(), item.status()));
    }

    @Override
    public Decision change(String itemId, Change change, String eventId) {
      boolean nothing = change == Change.RESET && defects.has("reset-does-nothing");
      return nothing ? honest.read(itemId) : honest.change(itemId, change, eventId);
    }

    private Decision shown(Decision decision, long wrongCents) {
      Kind kind = decision.kind();
      if (kind != Kind.ACCEPTED && kind != Kind.REJECTED) {
        return decision;
      }
      Item item = decision.item();
      boolean wrong = kind == Kind.ACCEPTED && defects.has("wrong-previous");
      long cents = wrong ? wrongCents : item.priceCents();
      long shown = defects.has("truncate-cents") ? cents / WHOLE * WHOLE : cents;
      Item other = new Item(shown, item.bidder(), item.sequence(), item.status());
      return new Decision(kind, other, decision.eventId(), decision.bidId(), "");
    }

    private Decision readThenSet(Bid bid) {
      Decision now = honest.read(bid.itemId());
      Decision decision = now.kind() == Kind.STATE ? bid.on(now.item()) : now;
      if (decision.kind() == Kind.ACCEPTED) {
        Item after = decision.item();
        Map<String, String> entry = bid.event(after, 0).logEntry();
        lane.call(pipeline -> pipeline.mset(bid.newState(after.sequence())), done -> now);
        lane.call(
            pipeline -> pipeline.xadd(Names.EVENT_LOG, StreamEntryID.NEW_ENTRY, entry),
            done -> now);
      }
      return decision;
    }
  }

  /**
   * The last accepted bid of an item in this process.
   *
   * @param beforeCents price before it
   */
  private record Memory(long cents, String user, long beforeCents, long atNs) {}
}

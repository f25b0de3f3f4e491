package targets.defects;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
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
          + " reject-equal-accepts, reset-does-nothing, accept-when-redis-down,"
          + " no-timeout-on-redis, breaker-never-closes, sync-publish";

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
          "archive-before-item, lose-on-restart, stuck-after-heal",
          (reader, defects, common) ->
              ArchiveServer.start(reader, honest -> archive(defects, honest), common));

  private static final String FOREIGN_KEY_VIOLATION = "23503";
  private static final int EVERY = 10;
  private static final long STALE_NS = 1_000_000_000;
  private static final long WHOLE = 100;
  private static final long WAIT_NS = 20_000_000;
  private static final int WAITS_MAX = 1_000;

  private AuctionDefects() {}

  private static EventArchive archive(Defects defects, EventArchive honest) {
    EventArchive ordered = defects.plant("archive-before-item", honest, AuctionDefects::beforeItem);
    EventArchive late = defects.plant("lose-on-restart", ordered, AuctionDefects::writtenBehind);
    return defects.plant("stuck-after-heal", late, AuctionDefects::stuck);
  }

  /** Reports events as stored up to a second before they are: a kill loses them. */
  private static EventArchive writtenBehind(EventArchive honest) {
    List<AuctionEvent> held = new ArrayList<>();
    Runnable write =
        () -> {
          synchronized (held) {
            try {
              honest.store(held);
              held.clear();
            } catch (SQLException e) {
              // They are tried again in a second.
            }
          }
        };
    var writer = Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("late", true));
    var unused = writer.scheduleWithFixedDelay(write, 1, 1, TimeUnit.SECONDS);
    return events -> {
      synchronized (held) {
        held.addAll(events);
        return events.size();
      }
    };
  }

  /** Stores nothing any more once PostgreSQL has been away. */
  private static EventArchive stuck(EventArchive honest) {
    AtomicReference<SQLException> first = new AtomicReference<>();
    return events -> {
      if (first.get() != null) {
        throw first.get();
      }
      try {
        return honest.store(events);
      } catch (SQLException e) {
        first.set(e);
        throw e;
      }
    };
  }

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
          ? new DefectiveItems(
              defects, honest, lane, new ConcurrentHashMap<>(), new AtomicBoolean())
          : honest;
    }
  }

  /** Items with the defects that are made outside Redis. Thread-safe. */
  private record DefectiveItems(
      Defects defects,
      Items honest,
      RedisLane lane,
      Map<String, Memory> memories,
      AtomicBoolean broken)
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
      Decision decision = defects.has("lost-update") ? readThenSet(bid) : decide(bid);
      if (decision.kind() == Kind.AWAY && defects.has("accept-when-redis-down")) {
        decision = bid.on(new Item(memory.cents, "", 0, "open"));
      }
      if (decision.kind() == Kind.ACCEPTED && !stale) {
        long before = decision.item().priceCents();
        memories.put(bid.itemId(), new Memory(bid.cents(), bid.userId(), before, nowNs));
      }
      return shown(decision, memory.beforeCents);
    }

    /** Waits for Redis or NATS, or refuses for ever after one failure, if such a defect is on. */
    private Decision decide(Bid bid) {
      if (broken.get()) {
        return Decision.none(Kind.AWAY, "the circuit breaker is open");
      }
      Decision decision = honest.bid(bid);
      while (defects.has("no-timeout-on-redis") && isAway(decision)) {
        sleep();
        decision = honest.bid(bid);
      }
      broken.compareAndSet(false, isAway(decision) && defects.has("breaker-never-closes"));
      if (decision.kind() == Kind.ACCEPTED && defects.has("sync-publish")) {
        for (int wait = 0; !isPublished(decision) && wait < WAITS_MAX; wait++) {
          sleep();
        }
      }
      return decision;
    }

    private static boolean isAway(Decision decision) {
      return decision.kind() == Kind.AWAY || decision.kind() == Kind.UNSURE;
    }

    private boolean isPublished(Decision decision) {
      return lane.call(
                  pipeline -> pipeline.xlen(Names.EVENT_LOG),
                  waiting -> waiting == 0 ? decision : Decision.none(Kind.AWAY, "waiting"))
              .kind()
          == Kind.ACCEPTED;
    }

    private static void sleep() {
      LockSupport.parkNanos(WAIT_NS);
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

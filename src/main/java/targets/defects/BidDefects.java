package targets.defects;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
import targets.shared.NatsLink;

/** The defects of the bid service. */
record BidDefects(Defects defects) implements BidServer.Seam {
  static final String ALL =
      "truncate-cents, lost-update, double-accept, torn-pair, stale-reject, wrong-previous,"
          + " reject-equal-accepts, reset-does-nothing, accept-when-redis-down,"
          + " no-timeout-on-redis, breaker-never-closes, sync-publish, sync-archive,"
          + " double-on-retry, reconnect-without-backoff";

  private static final long STALE_NS = 1_000_000_000;
  private static final long WHOLE = 100;
  private static final long WAIT_NS = 20_000_000;
  private static final int WAITS_MAX = 1_000;

  /** Appends the event of a remembered bid again. */
  private static final String APPLIED_AGAIN =
      """
          if answer[1] == 'accepted' then
            redis.call('XADD', KEYS[5], '*', 'kind', 'bid', 'item', ARGV[1],
              'sequence', redis.call('INCR', KEYS[4]), 'event', ARGV[4], 'bid', ARGV[5],
              'user', answer[9], 'cents', answer[8], 'previous', answer[2],
              's', redis.call('TIME')[1], 'us', '0')
          end
      """;

  @Override
  public String script(String text) {
    String takes = "  if ARGV[2] == price then redis.call('SET', KEYS[2], ARGV[3]) end\n";
    String rejected = "  answer = {'rejected'";
    String equal =
        planted("double-accept", text, "[2]) <= tonumber(price)", "[2]) < tonumber(price)");
    String again = "    answer[#answer + 1] = 'again'\n";
    String doubled = planted("double-on-retry", equal, again, APPLIED_AGAIN + again);
    return planted("reject-equal-accepts", doubled, rejected, takes + rejected);
  }

  private String planted(String defect, String text, String what, String by) {
    if (defects.has(defect) && !text.contains(what)) {
      throw new IllegalStateException("bid.lua has no '" + what + "' to plant a defect in");
    }
    return defects.plant(defect, text, lua -> lua.replace(what, by));
  }

  @Override
  public Items items(Items honest, RedisLane lane, NatsLink store) {
    return defects.hasAny(List.of(ALL.split(", ")))
        ? new DefectiveItems(
            defects, honest, lane, store, new ConcurrentHashMap<>(), new AtomicBoolean())
        : honest;
  }

  @Override
  public long reconnectMs(long honestMs) {
    return defects.has("reconnect-without-backoff") ? 0 : honestMs;
  }

  /** Items with the defects that are made outside Redis. Thread-safe. */
  private record DefectiveItems(
      Defects defects,
      Items honest,
      RedisLane lane,
      NatsLink store,
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
      boolean stored = defects.has("sync-archive");
      Decision decided = decision;
      if (decision.kind() == Kind.ACCEPTED && (stored || defects.has("sync-publish"))) {
        await(() -> isPublished(decided));
      }
      if (decision.kind() == Kind.ACCEPTED && stored) {
        long position = position(false);
        await(() -> position(true) >= position);
      }
      return decision;
    }

    private static void await(BooleanSupplier done) {
      for (int wait = 0; !done.getAsBoolean() && wait < WAITS_MAX; wait++) {
        sleep();
      }
    }

    /** Returns the last position of the store, or of what the archive has; -1 if it is away. */
    private long position(boolean archived) {
      try {
        if (store.ready().isPresent()) {
          JetStreamManagement nats = store.ready().get().jetStreamManagement();
          return archived
              ? nats.getConsumerInfo(Names.STORE, Names.ARCHIVE).getAckFloor().getStreamSequence()
              : nats.getStreamInfo(Names.STORE).getStreamState().getLastSequence();
        }
      } catch (IOException | JetStreamApiException e) {
        // The next look reads it again.
      }
      return -1;
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

  /** The last accepted bid of an item in this process, and the price before it. */
  private record Memory(long cents, String user, long beforeCents, long atNs) {}
}

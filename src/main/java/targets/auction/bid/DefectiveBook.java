package targets.auction.bid;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import redis.clients.jedis.StreamEntryID;
import targets.auction.AuctionDefects;
import targets.auction.Names;
import targets.auction.bid.Decision.Kind;
import targets.shared.Defects;

/** A book with those planted mistakes that are not made inside Redis. Thread-safe. */
final class DefectiveBook implements Book {
  private static final long STALE_NS = 1_000_000_000;
  private static final long WHOLE = 100;

  /**
   * What this process remembers of an item.
   *
   * @param cents price
   * @param user whose it is
   * @param beforeCents price before
   * @param atNs when
   */
  private record Memory(long cents, String user, long beforeCents, long atNs) {}

  private final Map<String, Memory> memories = new ConcurrentHashMap<>();
  private final Book book;
  private final RedisLane lane;
  private final Defects defects;
  private final LongSupplier nanoClock;

  DefectiveBook(Book book, RedisLane lane, Defects defects, LongSupplier nanoClock) {
    this.book = book;
    this.lane = lane;
    this.defects = defects;
    this.nanoClock = nanoClock;
  }

  /** True if one of them is switched on. */
  static boolean isNeeded(Defects defects) {
    return AuctionDefects.OF_BIDS.stream().anyMatch(defects::has);
  }

  @Override
  public Decision bid(Bid bid) {
    Memory memory = memories.get(bid.itemId());
    if (has(AuctionDefects.STALE_REJECT)
        && memory != null
        && nanoClock.getAsLong() - memory.atNs() < STALE_NS
        && bid.cents() <= memory.cents()) {
      Optional<String> user = Optional.of(memory.user());
      return new Decision(Kind.REJECTED, memory.cents(), user, 0, "open", "", "", "");
    }
    Decision decision = has(AuctionDefects.LOST_UPDATE) ? readThenSet(bid) : book.bid(bid);
    if (decision.kind() == Kind.AWAY && has(AuctionDefects.ACCEPT_WHEN_REDIS_DOWN)) {
      decision = fromMemory(bid, memory);
    }
    if (decision.kind() == Kind.ACCEPTED) {
      remember(bid, memory, decision);
    }
    return shown(decision, memory);
  }

  @Override
  public Decision read(String itemId) {
    Decision decision = book.read(itemId);
    if (decision.kind() == Kind.STATE && has(AuctionDefects.TORN_PAIR)) {
      Optional<String> later = book.read(itemId).bidder();
      decision =
          new Decision(
              Kind.STATE,
              decision.priceCents(),
              later,
              decision.sequence(),
              decision.status(),
              "",
              "",
              "");
    }
    return decision;
  }

  @Override
  public Decision change(String itemId, Change change, String eventId) {
    boolean nothing = change == Change.RESET && has(AuctionDefects.RESET_DOES_NOTHING);
    return nothing ? book.read(itemId) : book.change(itemId, change, eventId);
  }

  private void remember(Bid bid, Memory memory, Decision decision) {
    boolean old = memory != null && nanoClock.getAsLong() - memory.atNs() < STALE_NS;
    if (!(old && has(AuctionDefects.STALE_REJECT))) {
      long atNs = nanoClock.getAsLong();
      memories.put(
          bid.itemId(), new Memory(bid.cents(), bid.userId(), decision.priceCents(), atNs));
    }
  }

  private Decision shown(Decision decision, Memory memory) {
    boolean decided = decision.kind() == Kind.ACCEPTED || decision.kind() == Kind.REJECTED;
    if (decided && has(AuctionDefects.TRUNCATE_CENTS)) {
      return decision.with(decision.kind(), decision.priceCents() / WHOLE * WHOLE);
    }
    if (decision.kind() == Kind.ACCEPTED && has(AuctionDefects.WRONG_PREVIOUS)) {
      return decision.with(Kind.ACCEPTED, memory == null ? 0 : memory.beforeCents());
    }
    return decision;
  }

  private static Decision fromMemory(Bid bid, Memory memory) {
    long price = memory == null ? 0 : memory.cents();
    Kind kind = bid.cents() > price ? Kind.ACCEPTED : Kind.REJECTED;
    return new Decision(kind, price, Optional.empty(), 0, "open", bid.eventId(), bid.bidId(), "");
  }

  private Decision readThenSet(Bid bid) {
    Decision now = book.read(bid.itemId());
    if (now.kind() != Kind.STATE || !now.status().equals("open")) {
      return now.kind() == Kind.STATE ? now.with(Kind.CLOSED, now.priceCents()) : now;
    }
    if (bid.cents() <= now.priceCents()) {
      return now.with(Kind.REJECTED, now.priceCents());
    }
    String sequence = Long.toString(now.sequence() + 1);
    String item = bid.itemId();
    lane.ask(
        pipeline ->
            pipeline.mset(
                Names.currentBid(item),
                Long.toString(bid.cents()),
                Names.highestBidder(item),
                bid.userId(),
                Names.sequence(item),
                sequence));
    lane.ask(
        pipeline ->
            pipeline.xadd(Names.EVENT_LOG, StreamEntryID.NEW_ENTRY, entry(bid, now, sequence)));
    return new Decision(
        Kind.ACCEPTED,
        now.priceCents(),
        now.bidder(),
        now.sequence() + 1,
        "open",
        bid.eventId(),
        bid.bidId(),
        "");
  }

  private static Map<String, String> entry(Bid bid, Decision now, String sequence) {
    Map<String, String> entry = new LinkedHashMap<>();
    entry.put("kind", "bid");
    entry.put("item", bid.itemId());
    entry.put("sequence", sequence);
    entry.put("event", bid.eventId());
    entry.put("bid", bid.bidId());
    entry.put("user", bid.userId());
    entry.put("cents", Long.toString(bid.cents()));
    entry.put("previous", Long.toString(now.priceCents()));
    entry.put("s", "0");
    entry.put("us", "0");
    return entry;
  }

  private boolean has(String defect) {
    return defects.has(defect);
  }
}

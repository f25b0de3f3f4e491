package targets.auction.bid;

import static redis.clients.jedis.BuilderFactory.STRING_LIST;
import static redis.clients.jedis.util.SafeEncoder.encode;
import static redis.clients.jedis.util.SafeEncoder.encodeMany;

import java.util.List;
import java.util.function.UnaryOperator;
import targets.auction.Names;
import targets.shared.Counters;

/** Decides by a script inside Redis, in one atomic step. Thread-safe. */
class LuaItems implements Items {
  private static final byte[] NEVER = encode("0");

  private final RedisLane lane;
  private final RedisLane.Script bidScript;
  private final RedisLane.Script itemScript;
  private final byte[] backlog;
  private final byte[] rememberMs;

  LuaItems(RedisLane lane, BidServer.Settings settings, UnaryOperator<String> script) {
    this.lane = lane;
    this.bidScript = lane.script(encode(script.apply(Names.resource("bid.lua"))));
    this.itemScript = lane.script(encode(Names.resource("item.lua")));
    this.backlog = encode(Long.toString(settings.backlog()));
    this.rememberMs = encode(Long.toString(settings.remember().toMillis()));
  }

  @Override
  public Decision bid(Bid bid) {
    String request = bid.rememberedAs();
    List<byte[]> keys = List.of(encodeMany(Names.keys(bid.itemId(), Names.EVENT_LOG, request)));
    List<byte[]> values =
        List.of(
            encode(bid.itemId()),
            encode(Long.toString(bid.cents())),
            encode(bid.userId()),
            encode(bid.eventId()),
            encode(bid.bidId()),
            backlog,
            bid.requestKey().isPresent() ? rememberMs : NEVER);
    return lane.run(
        bidScript, keys, values, reply -> Decision.ofReply(STRING_LIST.build(reply), bid));
  }

  @Override
  public Decision read(String itemId) {
    return lane.call(pipeline -> pipeline.mget(Names.keys(itemId)), Decision::ofValues);
  }

  @Override
  public Decision change(String itemId, Change change, String eventId) {
    List<byte[]> keys = List.of(encodeMany(Names.keys(itemId, Names.EVENT_LOG)));
    List<byte[]> values =
        List.of(encode(itemId), encode(Counters.label(change)), encode(eventId), backlog);
    return lane.run(itemScript, keys, values, reply -> Decision.ofReply(STRING_LIST.build(reply)));
  }
}

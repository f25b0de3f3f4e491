package targets.auction.bid;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import targets.auction.Names;
import targets.shared.Counters;

/** Decides by a script inside Redis, in one atomic step. Thread-safe. */
class LuaItems implements Items {
  private static final byte[] NEVER = utf8("0");

  private final RedisLane lane;
  private final RedisLane.Script bidScript;
  private final RedisLane.Script itemScript;
  private final byte[] backlog;
  private final byte[] rememberMs;

  LuaItems(RedisLane lane, BidServer.Settings settings, UnaryOperator<String> script) {
    this.lane = lane;
    this.bidScript = lane.script(utf8(script.apply(Names.resource("bid.lua"))));
    this.itemScript = lane.script(utf8(Names.resource("item.lua")));
    this.backlog = utf8(Long.toString(settings.backlog()));
    this.rememberMs = utf8(Long.toString(settings.remember().toMillis()));
  }

  @Override
  public Decision bid(Bid bid) {
    String request = bid.rememberedAs();
    List<byte[]> keys = utf8(Names.keys(bid.itemId(), Names.EVENT_LOG, request));
    List<byte[]> values =
        List.of(
            utf8(bid.itemId()),
            utf8(Long.toString(bid.cents())),
            utf8(bid.userId()),
            utf8(bid.eventId()),
            utf8(bid.bidId()),
            backlog,
            bid.requestKey().isPresent() ? rememberMs : NEVER);
    return lane.run(bidScript, keys, values, reply -> Decision.ofReply(words(reply), bid));
  }

  @Override
  public Decision read(String itemId) {
    return lane.call(pipeline -> pipeline.mget(Names.keys(itemId)), Decision::ofValues);
  }

  @Override
  public Decision change(String itemId, Change change, String eventId) {
    List<byte[]> keys = utf8(Names.keys(itemId, Names.EVENT_LOG));
    List<byte[]> values =
        List.of(utf8(itemId), utf8(Counters.label(change)), utf8(eventId), backlog);
    return lane.run(itemScript, keys, values, reply -> Decision.ofReply(words(reply)));
  }

  private static List<String> words(Object reply) {
    return ((List<?>) reply).stream().map(word -> new String((byte[]) word, UTF_8)).toList();
  }

  private static List<byte[]> utf8(String[] texts) {
    return Arrays.stream(texts).map(LuaItems::utf8).toList();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}

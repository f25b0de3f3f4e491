package targets.auction.bid;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import targets.auction.Names;
import targets.auction.bid.Decision.Kind;

/** Decides by a script inside Redis: one step that nothing can come between. Thread-safe. */
final class LuaBook implements Book {
  private static final byte[] NEVER = utf8("0");

  private final RedisLane lane;
  private final Scripts scripts;
  private final byte[] backlog;
  private final byte[] rememberMs;

  /**
   * @param lane to Redis, which loads the scripts
   * @param scripts decide
   * @param backlog events that may wait to be published
   * @param rememberMs how long the answer to a request with a key is remembered
   */
  LuaBook(RedisLane lane, Scripts scripts, long backlog, long rememberMs) {
    this.lane = lane;
    this.scripts = scripts;
    this.backlog = utf8(Long.toString(backlog));
    this.rememberMs = utf8(Long.toString(rememberMs));
  }

  @Override
  public Decision bid(Bid bid) {
    String item = bid.itemId();
    List<byte[]> keys =
        List.of(
            utf8(Names.currentBid(item)),
            utf8(Names.highestBidder(item)),
            utf8(Names.status(item)),
            utf8(Names.sequence(item)),
            utf8(Names.EVENT_LOG),
            utf8(Names.request(item, bid.requestKey().orElse(""))));
    List<byte[]> values =
        List.of(
            utf8(item),
            utf8(Long.toString(bid.cents())),
            utf8(bid.userId()),
            utf8(bid.eventId()),
            utf8(bid.bidId()),
            backlog,
            bid.requestKey().isPresent() ? rememberMs : NEVER);
    return decision(
        lane.ask(pipeline -> pipeline.evalsha(scripts.bid().sha(), keys, values)),
        reply -> RedisReply.bid(reply, bid));
  }

  @Override
  public Decision read(String itemId) {
    String[] keys = {
      Names.currentBid(itemId),
      Names.highestBidder(itemId),
      Names.status(itemId),
      Names.sequence(itemId)
    };
    return decision(lane.ask(pipeline -> pipeline.mget(keys)), RedisReply::state);
  }

  @Override
  public Decision change(String itemId, Change change, String eventId) {
    List<byte[]> keys =
        List.of(
            utf8(Names.currentBid(itemId)),
            utf8(Names.highestBidder(itemId)),
            utf8(Names.status(itemId)),
            utf8(Names.sequence(itemId)),
            utf8(Names.EVENT_LOG));
    List<byte[]> values =
        List.of(utf8(itemId), utf8(change.name().toLowerCase(Locale.ROOT)), utf8(eventId), backlog);
    return decision(
        lane.ask(pipeline -> pipeline.evalsha(scripts.item().sha(), keys, values)),
        RedisReply::change);
  }

  private static <T> Decision decision(LaneAnswer<T> answer, Function<T, Decision> read) {
    if (answer instanceof LaneAnswer.Value<T> value) {
      return read.apply(value.value());
    }
    if (answer instanceof LaneAnswer.Away<T> away) {
      return Decision.none(Kind.AWAY, away.reason());
    }
    LaneAnswer.Unsure<T> unsure = (LaneAnswer.Unsure<T>) answer;
    return Decision.none(Kind.UNSURE, unsure.reason());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}

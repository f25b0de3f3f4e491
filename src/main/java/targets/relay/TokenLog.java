package targets.relay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.XAutoClaimParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntryBinary;

/**
 * The Redis streams into which producers write, as one consumer of one group sees them. What is
 * acknowledged is deleted too, so that Redis holds only what is still to be passed on.
 */
final class TokenLog {
  private static final byte[] GROUP = utf8("bridge");

  /** Entries taken at once from one shard; bounds what the bridge holds. */
  private static final int TAKE_MAX = 128;

  /** An idle bridge asks again so often, and looks after its leases in between. */
  private static final int BLOCK_MS = 200;

  private static final String FIRST = "0-0";

  private final byte[] consumer;

  /**
   * @param name of the consumer
   */
  TokenLog(String name) {
    this.consumer = utf8(name);
  }

  /** Makes the streams and the group where they are missing. */
  void create(Jedis jedis, int shards) {
    for (int shard = 0; shard < shards; shard++) {
      try {
        jedis.xgroupCreate(utf8(Names.log(shard)), GROUP, utf8("0"), true);
      } catch (JedisDataException e) {
        if (!String.valueOf(e.getMessage()).startsWith("BUSYGROUP")) {
          throw e;
        }
      }
    }
  }

  /**
   * Takes over what any consumer has read of a shard and not acknowledged, in its order.
   *
   * @return at most {@value #TAKE_MAX} entries; none when nothing is left
   */
  List<LogEntry> claim(Jedis jedis, int shard) {
    // From the beginning each time: what was acknowledged in between is not there any more.
    List<Object> reply =
        jedis.xautoclaim(
            utf8(Names.log(shard)),
            GROUP,
            consumer,
            0,
            utf8(FIRST),
            XAutoClaimParams.xAutoClaimParams().count(TAKE_MAX));
    List<StreamEntryBinary> entries = BuilderFactory.STREAM_ENTRY_BINARY_LIST.build(reply.get(1));
    return entries.stream().map(entry -> LogEntry.of(shard, entry)).toList();
  }

  /** Takes what is new of the shards given, and waits a moment for it. */
  @SuppressWarnings("ArrayAsKeyOfSetOrMap") // So Jedis wants it; nobody looks anything up.
  List<LogEntry> take(Jedis jedis, Set<Integer> shards) {
    Map<byte[], StreamEntryID> from = new HashMap<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (int shard : shards) {
      from.put(utf8(Names.log(shard)), StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY);
      numbers.put(Names.log(shard), shard);
    }
    var read =
        jedis.xreadGroupBinary(
            GROUP,
            consumer,
            XReadGroupParams.xReadGroupParams().count(TAKE_MAX).block(BLOCK_MS),
            from);
    List<LogEntry> taken = new ArrayList<>();
    if (read != null) {
      for (Map.Entry<byte[], List<StreamEntryBinary>> stream : read) {
        int shard = numbers.get(new String(stream.getKey(), StandardCharsets.UTF_8));
        stream.getValue().forEach(entry -> taken.add(LogEntry.of(shard, entry)));
      }
    }
    return taken;
  }

  /** Acknowledges and deletes. */
  void acknowledge(Jedis jedis, List<LogEntry> entries) {
    Map<Integer, List<byte[]>> ids = new HashMap<>();
    for (LogEntry entry : entries) {
      ids.computeIfAbsent(entry.shard(), unused -> new ArrayList<>())
          .add(utf8(entry.id().toString()));
    }
    Pipeline pipeline = jedis.pipelined();
    ids.forEach(
        (shard, list) -> {
          byte[] log = utf8(Names.log(shard));
          byte[][] array = list.toArray(new byte[0][]);
          pipeline.xack(log, GROUP, array);
          pipeline.xdel(log, array);
        });
    pipeline.sync();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

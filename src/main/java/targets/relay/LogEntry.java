package targets.relay;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.resps.StreamEntryBinary;

/**
 * One entry of a Redis stream.
 *
 * @param shard whose stream
 * @param id in the stream
 * @param message the message's JSON; empty if the entry has none
 */
@SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
record LogEntry(int shard, StreamEntryID id, byte[] message) {
  private static final byte[] FIELD = Names.LOG_FIELD.getBytes(StandardCharsets.UTF_8);
  private static final long NS_OF_MS = 1_000_000;

  static LogEntry of(int shard, StreamEntryBinary entry) {
    byte[] message =
        entry.getFields().entrySet().stream()
            .filter(field -> Arrays.equals(field.getKey(), FIELD))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(new byte[0]);
    return new LogEntry(shard, entry.getID(), message);
  }

  /** When Redis took it, in nanoseconds since 1970, exact to the millisecond. */
  long takenNs() {
    return id.getTime() * NS_OF_MS;
  }
}

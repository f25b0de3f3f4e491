package bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.XAddParams;

/** The messages that lanes publish. */
final class Messages {
  private static final int SHARDS = 8;

  private Messages() {}

  static void toRedis(Jedis jedis, Arrivals load, int first, int count, boolean durable) {
    int receivers = load.plan().receivers();
    try (Pipeline pipeline = jedis.pipelined()) {
      for (int message = first; message < first + count; message++) {
        String stream = load.stream(message % receivers);
        int sequence = message / receivers + 1;
        String json =
            ("{\"conversation_id\":\"%s\",\"token\":\"word %s\",\"sequence\":%s,\"done\":%b,"
                    + "\"timestamp\":%s}")
                .formatted(
                    stream,
                    sequence,
                    sequence,
                    load.plan().isLast(message),
                    TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
        if (durable) {
          CRC32 crc = new CRC32();
          crc.update(stream.getBytes(StandardCharsets.UTF_8));
          String log = "llm:token-log:" + crc.getValue() % SHARDS;
          pipeline.xadd(log, XAddParams.xAddParams(), Map.of("message", json));
        } else {
          pipeline.publish("llm:tokens:" + stream, json);
        }
      }
    }
  }

  /** Returns the event of an accepted bid, about 225 bytes, as the auction publishes it. */
  static String bid(long number) {
    return ("{\"type\":\"bid\",\"event_id\":\"bench-%1$d\",\"item_id\":\"%2$s\",\"sequence\":%1$d,"
            + "\"bid_id\":\"b-%1$d\",\"user_id\":\"announcer\",\"amount\":%1$d.00,"
            + "\"previous_bid\":%3$d.00,\"highest_bidder_id\":\"announcer\","
            + "\"timestamp\":\"%4$s\"}")
        .formatted(number, Lanes.ITEM, number - 1, Instant.now().truncatedTo(ChronoUnit.MICROS));
  }
}

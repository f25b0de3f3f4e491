package targets.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;
import targets.relay.message.Channels;
import targets.relay.message.Guarantee;

/** Publishes the tokens of conversations as a model would, and repeats what Redis did not take. */
public record Producer(URI redis, Guarantee delivery) {
  static final int SHARDS = 8;
  private static final String LARGE = "x".repeat(8192);
  private static final long RETRY_NS = 20_000_000;

  /** Publishes a conversation's tokens, one each interval; the end is the last one's number. */
  public void publishAll(String id, long first, long last, long end, long intervalNs) {
    long dueNs = System.nanoTime();
    for (long sequence = first; sequence <= last; sequence++) {
      publishUntilTaken(id, json(id, sequence, sequence == end));
      dueNs += intervalNs;
      LockSupport.parkNanos(dueNs - System.nanoTime());
    }
  }

  /** Publishes tokens, one each interval, until a condition ends them; returns their number. */
  long publishUntil(BooleanSupplier isOver, String id, long intervalNs) {
    long dueNs = System.nanoTime();
    boolean done = false;
    long sequence = 0;
    while (!done) {
      done = isOver.getAsBoolean();
      publishUntilTaken(id, json(id, ++sequence, done));
      dueNs += intervalNs;
      LockSupport.parkNanos(dueNs - System.nanoTime());
    }
    return sequence;
  }

  /** Publishes tokens in the order given; one below zero ends the conversation. */
  void publishEach(String id, long... sequences) {
    for (long sequence : sequences) {
      publishUntilTaken(id, json(id, Math.abs(sequence), sequence < 0));
    }
  }

  /** Publishes messages by conversation as fast as Redis takes them; returns the receivers. */
  long publishAtOnce(List<Map.Entry<String, String>> messages) {
    try (Jedis jedis = new Jedis(redis);
        Pipeline pipeline = jedis.pipelined()) {
      List<Response<?>> replies =
          messages.stream()
              .<Response<?>>map(each -> add(pipeline, each.getKey(), each.getValue()))
              .toList();
      pipeline.sync();
      return replies.stream()
          .map(Response::get)
          .mapToLong(reply -> reply instanceof Long receivers ? receivers : 0)
          .sum();
    }
  }

  /** Publishes tokens of 8 KiB as fast as Redis takes them; the end is the last one's number. */
  public void publishLarge(String id, int first, int last, int end) {
    publishAtOnce(
        IntStream.rangeClosed(first, last)
            .mapToObj(i -> Map.entry(id, json(id, i, i == end).replace("t" + i + " ", LARGE)))
            .toList());
  }

  /** Publishes any message; returns true if Redis took it, which it refuses while it loads. */
  boolean publish(String id, String json) {
    try {
      publishAtOnce(List.of(Map.entry(id, json)));
      return true;
    } catch (JedisException e) {
      return false;
    }
  }

  static String json(String id, long sequence, boolean done) {
    return "{\"conversation_id\":\"%s\",\"token\":\"t%s \",\"sequence\":%s,\"done\":%b,"
            .formatted(id, sequence, sequence, done)
        + "\"timestamp\":%s}".formatted(1_700_000_000_000_000_000L + sequence);
  }

  private void publishUntilTaken(String id, String json) {
    while (!publish(id, json)) {
      LockSupport.parkNanos(RETRY_NS);
    }
  }

  private Response<?> add(Pipeline pipeline, String id, String json) {
    if (delivery == Guarantee.CORE) {
      return pipeline.publish("llm:tokens:" + id, json);
    }
    CRC32 crc = new CRC32();
    crc.update(id.getBytes(UTF_8));
    String log = Channels.log((int) (crc.getValue() % SHARDS));
    return pipeline.xadd(log, StreamEntryID.NEW_ENTRY, Map.of(Channels.LOG_FIELD, json));
  }
}

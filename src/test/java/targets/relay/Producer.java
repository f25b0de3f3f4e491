package targets.relay;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;

/** What a model would do: says the tokens of conversations, and says again what was not taken. */
final class Producer {
  private static final int SHARDS = 8;
  private static final long RETRY_NS = 20_000_000;

  private final URI redis;
  private final Delivery delivery;

  Producer(URI redis, Delivery delivery) {
    this.redis = redis;
    this.delivery = delivery;
  }

  /** Says tokens first to last of a conversation, one each interval; the last one ends it. */
  void say(String id, long first, long last, long end, long intervalNs) {
    long dueNs = System.nanoTime();
    for (long sequence = first; sequence <= last; sequence++) {
      String json = json(id, sequence, sequence == end);
      while (!said(id, json)) {
        LockSupport.parkNanos(RETRY_NS);
      }
      dueNs += intervalNs;
      LockSupport.parkNanos(dueNs - System.nanoTime());
    }
  }

  static String json(String id, long sequence, boolean done) {
    return "{\"conversation_id\":\"%s\",\"token\":\"t%d \",\"sequence\":%d,\"done\":%b,"
            .formatted(id, sequence, sequence, done)
        + "\"timestamp\":%d}".formatted(1_700_000_000_000_000_000L + sequence);
  }

  /** Says anything; true if Redis took it. */
  boolean said(String id, String json) {
    try (Jedis jedis = new Jedis(redis)) {
      if (delivery == Delivery.CORE) {
        jedis.publish("llm:tokens:" + id, json);
      } else {
        String log = "llm:token-log:" + Names.shard(id, SHARDS);
        jedis.xadd(log, StreamEntryID.NEW_ENTRY, Map.of("message", json));
      }
      return true;
    } catch (JedisException e) {
      return false;
    }
  }
}

package targets.relay;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;
import targets.relay.message.Delivery;
import targets.relay.message.Names;

/** Publishes the tokens of conversations as a model would, and repeats what Redis did not take. */
public final class Producer {
  static final int SHARDS = 8;
  private static final String LARGE = "x".repeat(8192);
  private static final long RETRY_NS = 20_000_000;

  private final URI redis;
  private final Delivery delivery;

  Producer(URI redis, Delivery delivery) {
    this.redis = redis;
    this.delivery = delivery;
  }

  /** Publishes a conversation's tokens, one each interval; the end is the last one's number. */
  public void publishAll(String id, long first, long last, long end, long intervalNs) {
    long dueNs = System.nanoTime();
    for (long sequence = first; sequence <= last; sequence++) {
      String json = json(id, sequence, sequence == end);
      while (!publish(id, json)) {
        LockSupport.parkNanos(RETRY_NS);
      }
      dueNs += intervalNs;
      LockSupport.parkNanos(dueNs - System.nanoTime());
    }
  }

  /** Publishes tokens in the order given; one below zero ends the conversation. */
  void publishEach(String id, long... sequences) {
    for (long sequence : sequences) {
      while (!publish(id, json(id, Math.abs(sequence), sequence < 0))) {
        LockSupport.parkNanos(RETRY_NS);
      }
    }
  }

  /** Publishes messages by conversation as fast as Redis takes them; returns the receivers. */
  long publishAtOnce(List<Map.Entry<String, String>> messages) {
    List<Response<Long>> receivers = new ArrayList<>();
    try (Jedis jedis = new Jedis(redis);
        Pipeline pipeline = jedis.pipelined()) {
      messages.forEach(message -> add(pipeline, message.getKey(), message.getValue(), receivers));
    }
    return receivers.stream().mapToLong(Response::get).sum();
  }

  /** Publishes tokens of 8 KiB as fast as Redis takes them; the end is the last one's number. */
  public void publishLarge(String id, int first, int last, int end) {
    publishAtOnce(
        IntStream.rangeClosed(first, last)
            .mapToObj(i -> Map.entry(id, json(id, i, i == end).replace("t" + i + " ", LARGE)))
            .toList());
  }

  /** Publishes any message; returns true if Redis took it. */
  boolean publish(String id, String json) {
    try (Jedis jedis = new Jedis(redis);
        Pipeline pipeline = jedis.pipelined()) {
      add(pipeline, id, json, new ArrayList<>());
      pipeline.sync();
      return true;
    } catch (JedisException e) {
      return false;
    }
  }

  static String json(String id, long sequence, boolean done) {
    return "{\"conversation_id\":\"%s\",\"token\":\"t%d \",\"sequence\":%d,\"done\":%b,"
            .formatted(id, sequence, sequence, done)
        + "\"timestamp\":%d}".formatted(1_700_000_000_000_000_000L + sequence);
  }

  private void add(Pipeline pipeline, String id, String json, List<Response<Long>> receivers) {
    if (delivery == Delivery.CORE) {
      receivers.add(pipeline.publish("llm:tokens:" + id, json));
    } else {
      String log = Names.log(Names.shard(id, SHARDS));
      pipeline.xadd(log, StreamEntryID.NEW_ENTRY, Map.of(Names.LOG_FIELD, json));
    }
  }
}

package targets.relay.bridge;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static redis.clients.jedis.params.XAutoClaimParams.xAutoClaimParams;
import static redis.clients.jedis.params.XReadGroupParams.xReadGroupParams;
import static redis.clients.jedis.util.SafeEncoder.encode;

import io.nats.client.api.PublishAck;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntryBinary;
import targets.relay.message.Channels;
import targets.relay.message.TokenMessage;
import targets.relay.message.TokenStore;
import targets.shared.Pump;
import targets.shared.RedisAddress;
import targets.shared.RedisLease;
import targets.shared.StoreWriter;
import targets.shared.StoreWriter.Outgoing;

/**
 * Durable delivery: passes messages from the Redis streams into which producers write, read as one
 * consumer of one group, to JetStream. One bridge reads at a time, which keeps the order.
 * Acknowledged entries are deleted too, so that Redis holds only what is still to be passed on.
 * Used by the pump's thread.
 */
final class TokenLog implements Pump.Source<TokenLog.Entry>, Pump.Sink<TokenLog.Entry> {
  /** The Redis key that names the bridge that reads. */
  private static final String LEASE = "llm:token-log:reader";

  private static final byte[] GROUP = encode("bridge");
  private static final byte[] FIELD = encode(Channels.LOG_FIELD);
  private static final byte[] FIRST = encode("0-0");
  private static final int SILENCE_MS = 5000;
  private static final long RETRY_MS = 50;
  private static final long NS_OF_MS = 1_000_000;

  /** Entries taken at once from one shard; bounds the memory of the bridge. */
  private static final int TAKE_MAX = 128;

  /** Bounds one wait for entries, because the lease is renewed in between. */
  private static final int BLOCK_MS = 200;

  private final BridgeServer bridge;
  private final BridgeServer.Settings settings;
  private final BridgeServer.Metrics metrics;
  private final StoreWriter writer;
  private final RedisAddress address;
  private final String name;
  private final List<String> logs;

  /** An entry of a Redis stream; without a message if there is nothing to pass on. */
  record Entry(String log, StreamEntryID id, Optional<Outgoing> outgoing) {}

  TokenLog(BridgeServer bridge) {
    this.bridge = bridge;
    this.settings = bridge.settings;
    this.metrics = bridge.metrics;
    this.writer =
        new StoreWriter(
            settings.store().store(), bridge.nats::connection, this::stored, bridge.clocks.nano());
    this.address = new RedisAddress(settings.redis());
    this.name = settings.name().orElseGet(() -> "bridge-" + UUID.randomUUID());
    this.logs = IntStream.range(0, settings.shards()).mapToObj(Channels::log).toList();
  }

  @Override
  public Pump.Session<Entry> open() {
    Jedis jedis = address.connect(SILENCE_MS);
    try {
      logs.forEach(log -> createGroup(jedis, log));
    } catch (JedisException e) {
      jedis.close();
      throw e;
    }
    metrics.redis.up();
    return new Session(jedis);
  }

  @Override
  public long failed(Exception reason) {
    metrics.redis.down(RedisAddress.words(reason));
    return RedisAddress.pauseMs(reason, RETRY_MS);
  }

  @Override
  public boolean isReady() {
    return bridge.nats.state().isUp();
  }

  @Override
  public int deliver(List<Entry> entries) throws InterruptedException {
    List<Outgoing> messages = entries.stream().flatMap(entry -> entry.outgoing().stream()).toList();
    int stored = writer.write(messages);
    metrics.published.add(stored);
    if (stored == messages.size()) {
      return entries.size();
    }
    int delivered = 0;
    while (entries.get(delivered).outgoing().isEmpty() || stored-- > 0) {
      delivered++;
    }
    return delivered;
  }

  private void stored(PublishAck ack) {
    if (ack.isDuplicate()) {
      metrics.repeated.increment();
    }
  }

  private static void createGroup(Jedis jedis, String log) {
    try {
      jedis.xgroupCreate(encode(log), GROUP, encode("0"), true);
    } catch (JedisDataException e) {
      if (!String.valueOf(e.getMessage()).startsWith("BUSYGROUP")) {
        throw e;
      }
    }
  }

  private Stream<Entry> entries(String log, List<StreamEntryBinary> read) {
    return read.stream().map(entry -> entry(log, entry));
  }

  private Entry entry(String log, StreamEntryBinary entry) {
    // The map compares its keys by their content.
    byte[] message = entry.getFields().getOrDefault(FIELD, new byte[0]);
    StreamEntryID id = entry.getID();
    String stamps = "\"redis\":" + id.getTime() * NS_OF_MS + ",";
    return new Entry(log, id, bridge.translate(message, stamps).map(read -> outgoing(read, id)));
  }

  /** A producer that repeats a message, because Redis did not confirm it, repeats its time too. */
  private static Outgoing outgoing(TokenMessage message, StreamEntryID entry) {
    String made =
        message.isNotice()
            ? "lost"
            : message.timestampNs() == 0 ? entry.toString() : Long.toString(message.timestampNs());
    return Outgoing.of(
        TokenStore.subject(message.id()),
        message.id() + ":" + message.sequence() + ":" + made,
        message.json());
  }

  private final class Session implements Pump.Session<Entry> {
    private final Jedis jedis;
    private final RedisLease lease;
    private final Deque<String> unclaimed = new ArrayDeque<>(logs);

    Session(Jedis jedis) {
      this.jedis = jedis;
      this.lease = new RedisLease(jedis, LEASE, name, settings.lease(), bridge.clocks.nano());
    }

    @Override
    public boolean lease() {
      boolean held = lease.hold();
      if (!held) { // What an earlier reader has left is claimed with the next lease.
        unclaimed.clear();
        unclaimed.addAll(logs);
      }
      metrics.shards = held ? settings.shards() : 0;
      return held;
    }

    @Override
    public List<Entry> read() {
      List<Entry> batch = claimed();
      if (batch.isEmpty()) {
        batch = fresh();
      }
      if (!lease()) { // Redis was slow, and another bridge reads now.
        return List.of();
      }
      metrics.received.add(batch.size());
      metrics.underWay = batch.size();
      return batch;
    }

    @Override
    public boolean keep(List<Entry> batch) {
      return lease();
    }

    @Override
    public void acknowledge(List<Entry> batch) {
      Pipeline pipeline = jedis.pipelined();
      batch.stream()
          .collect(
              groupingBy(Entry::log, mapping(entry -> encode(entry.id().toString()), toList())))
          .forEach(
              (log, list) -> {
                byte[][] ids = list.toArray(new byte[0][]);
                pipeline.xack(encode(log), GROUP, ids);
                pipeline.xdel(encode(log), ids);
              });
      pipeline.sync();
      metrics.underWay = 0;
    }

    @Override
    public void close() {
      metrics.underWay = 0;
      metrics.shards = 0;
      lease.close();
    }

    /** Takes over what the last reader of a shard read and did not acknowledge, in its order. */
    private List<Entry> claimed() {
      while (!unclaimed.isEmpty()) {
        String log = unclaimed.peek();
        // From the beginning each time: acknowledged entries are gone by then.
        List<Object> reply =
            jedis.xautoclaim(
                encode(log), GROUP, encode(name), 0, FIRST, xAutoClaimParams().count(TAKE_MAX));
        List<StreamEntryBinary> left = BuilderFactory.STREAM_ENTRY_BINARY_LIST.build(reply.get(1));
        if (!left.isEmpty()) {
          metrics.claimed.add(left.size());
          return entries(log, left).toList();
        }
        unclaimed.remove();
      }
      return List.of();
    }

    /** Takes new entries of all shards. */
    @SuppressWarnings("ArrayAsKeyOfSetOrMap") // Required by Jedis; never looked up.
    private List<Entry> fresh() {
      Map<byte[], StreamEntryID> from = new HashMap<>();
      logs.forEach(log -> from.put(encode(log), StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
      XReadGroupParams bounds = xReadGroupParams().count(TAKE_MAX).block(BLOCK_MS);
      var read = jedis.xreadGroupBinary(GROUP, encode(name), bounds, from);
      return Stream.ofNullable(read)
          .flatMap(List::stream)
          .flatMap(log -> entries(encode(log.getKey()), log.getValue()))
          .toList();
    }
  }
}

package targets.relay.bridge;

import static redis.clients.jedis.util.SafeEncoder.encode;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.resps.StreamEntryBinary;
import targets.relay.message.Channels;
import targets.relay.message.TokenMessage;
import targets.relay.message.TokenStore;
import targets.shared.Pump;
import targets.shared.RedisAddress;
import targets.shared.RedisLog;
import targets.shared.RedisLog.Entry;
import targets.shared.StoreWriter;
import targets.shared.StoreWriter.Outgoing;

/**
 * Durable delivery: passes messages from the Redis streams into which producers write to JetStream.
 * One bridge reads at a time, which keeps the order. Stored entries are deleted, so that Redis
 * holds only what is still to be passed on. Used by the pump's thread.
 */
final class TokenLog implements Pump.Source<Entry<Outgoing>>, Pump.Sink<Entry<Outgoing>> {
  /** The Redis key that names the bridge that reads. */
  private static final String LEASE = "llm:token-log:reader";

  private static final byte[] FIELD = encode(Channels.LOG_FIELD);
  private static final long RETRY_MS = 50;
  private static final long NS_OF_MS = 1_000_000;

  /** Entries taken at once from one shard; bounds the memory of the bridge. */
  private static final int TAKE_MAX = 128;

  private final BridgeServer bridge;
  private final BridgeServer.Metrics metrics;
  private final StoreWriter writer;
  private final RedisAddress address;
  private final RedisLog.Streams streams;

  TokenLog(BridgeServer bridge) {
    BridgeServer.Settings settings = bridge.settings;
    this.bridge = bridge;
    this.metrics = bridge.metrics;
    this.writer =
        new StoreWriter(
            settings.store().store(), bridge.nats::connection, this::stored, bridge.clocks.nano());
    this.address = new RedisAddress(settings.redis());
    this.streams =
        new RedisLog.Streams(
            IntStream.range(0, settings.shards()).mapToObj(Channels::log).toList(),
            TAKE_MAX,
            LEASE,
            settings.name().orElseGet(() -> "bridge-" + UUID.randomUUID()),
            settings.lease());
  }

  @Override
  public Pump.Session<Entry<Outgoing>> open() {
    Jedis jedis = address.connect(RedisLog.SILENCE_MS);
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
    return bridge.nats.isUp();
  }

  @Override
  public int deliver(List<Entry<Outgoing>> entries) throws InterruptedException {
    List<Outgoing> messages = entries.stream().flatMap(entry -> entry.content().stream()).toList();
    int stored = writer.write(messages);
    metrics.published.add(stored);
    if (stored == messages.size()) {
      return entries.size();
    }
    int delivered = 0;
    while (entries.get(delivered).content().isEmpty() || stored-- > 0) {
      delivered++;
    }
    return delivered;
  }

  private void stored(PublishAck ack) {
    if (ack.isDuplicate()) {
      metrics.repeated.increment();
    }
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

  private final class Session extends RedisLog<Outgoing> {
    Session(Jedis jedis) {
      super(jedis, streams, bridge.clocks.nano());
    }

    @Override
    protected Optional<Outgoing> content(StreamEntryBinary entry) {
      // The map compares its keys by their content.
      byte[] message = entry.getFields().getOrDefault(FIELD, new byte[0]);
      StreamEntryID id = entry.getID();
      String stamps = "\"redis\":" + id.getTime() * NS_OF_MS + ",";
      return bridge.translate(message, stamps).map(read -> outgoing(read, id));
    }

    @Override
    public boolean lease() {
      boolean held = super.lease();
      metrics.shards = held ? streams.keys().size() : 0;
      return held;
    }

    @Override
    public List<Entry<Outgoing>> read() throws IOException, JetStreamApiException {
      List<Entry<Outgoing>> batch = super.read();
      metrics.received.add(batch.size());
      metrics.underWay = batch.size();
      return batch;
    }

    @Override
    public boolean keep(List<Entry<Outgoing>> batch) {
      return lease();
    }

    @Override
    public void acknowledge(List<Entry<Outgoing>> batch) {
      super.acknowledge(batch);
      metrics.underWay = 0;
    }

    @Override
    public void close() {
      metrics.underWay = 0;
      metrics.shards = 0;
      super.close();
    }
  }
}

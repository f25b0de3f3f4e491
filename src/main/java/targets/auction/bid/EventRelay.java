package targets.auction.bid;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XReadParams;
import redis.clients.jedis.params.XTrimParams;
import redis.clients.jedis.resps.StreamEntry;
import targets.auction.AuctionEvent;
import targets.auction.EventStore;
import targets.auction.Names;
import targets.shared.LinkState;
import targets.shared.Pump;
import targets.shared.RedisAddress;
import targets.shared.RedisLease;
import targets.shared.StoreWriter;
import targets.shared.StoreWriter.Outgoing;

/**
 * Publishes the event log of Redis to JetStream, in order and once. Each message carries the
 * position that it expects in JetStream, which refuses it if an earlier one was lost, and the id of
 * its event, which makes a repetition harmless. One relay works at a time; others wait for the
 * lease.
 */
final class EventRelay implements Pump.Source<StreamEntry>, Pump.Sink<StreamEntry> {
  private static final String MESSAGE_ID = "Nats-Msg-Id";
  private static final String EXPECTED = "Nats-Expected-Last-Sequence";

  /** The entry's id in the event log, from which the next relay resumes. */
  private static final String ENTRY = "Auction-Entry";

  private static final int TAKE_MAX = 256;
  private static final int BLOCK_MS = 200;
  private static final int SILENCE_MS = 5000;
  private static final long RETRY_MS = 50;
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final int NO_MESSAGE = 10037;

  private final LinkState state = new LinkState("Redis or JetStream, for the event relay,");
  private final String name = UUID.randomUUID().toString();
  private final RedisAddress address;
  private final EventStore store;
  private final BidCounters counters;
  private final StoreWriter writer;
  private final LongSupplier nanoClock;

  /** Position of the last event in JetStream. */
  private long last;

  EventRelay(
      RedisAddress address,
      EventStore store,
      BidCounters counters,
      BidSettings settings,
      LongSupplier nanoClock) {
    this.address = address;
    this.store = store;
    this.counters = counters;
    this.writer =
        new StoreWriter(settings.store().store(), store::connection, this::acknowledged, nanoClock);
    this.nanoClock = nanoClock;
  }

  @Override
  public boolean isReady() {
    return store.connection().isPresent();
  }

  @Override
  public Pump.Session<StreamEntry> open() {
    return new Log(address.connect(SILENCE_MS));
  }

  @Override
  public long failed(Exception reason) {
    state.down(RedisAddress.words(reason));
    if (!(reason instanceof JedisException)) {
      store.check();
    }
    return RETRY_MS;
  }

  @Override
  public int deliver(List<StreamEntry> entries) throws InterruptedException {
    List<Outgoing> messages = new ArrayList<>(entries.size());
    for (StreamEntry entry : entries) {
      Optional<AuctionEvent> event = AuctionEvent.readLogEntry(entry.getFields());
      if (event.isPresent()) {
        messages.add(message(entry, event.get(), last + messages.size()));
      } else {
        counters.unreadable.increment();
      }
    }
    return writer.write(messages) == messages.size() ? entries.size() : 0;
  }

  private static Outgoing message(StreamEntry entry, AuctionEvent event, long expected) {
    Headers headers = new Headers();
    headers.put(MESSAGE_ID, event.eventId());
    headers.put(EXPECTED, Long.toString(expected));
    headers.put(ENTRY, entry.getID().toString());
    return new Outgoing(Names.stored(event.itemId()), headers, event.json());
  }

  private void acknowledged(PublishAck stored) {
    if (stored.isDuplicate()) {
      counters.repeated.increment();
    } else {
      counters.published.increment();
      last = stored.getSeqno();
    }
  }

  /** Reads the end of the store; returns the log entry of its last event, if it is still there. */
  private Optional<StreamEntryID> lastStored() throws IOException, JetStreamApiException {
    Connection connection =
        store.connection().orElseThrow(() -> new IOException("the store does not answer"));
    JetStreamManagement management = connection.jetStreamManagement();
    last = management.getStreamInfo(Names.STORE).getStreamState().getLastSequence();
    if (last == 0) {
      return Optional.empty();
    }
    try {
      MessageInfo message = management.getMessage(Names.STORE, last);
      String entry = message.getHeaders() == null ? null : message.getHeaders().getFirst(ENTRY);
      return Optional.ofNullable(entry).map(StreamEntryID::new);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NO_MESSAGE) {
        return Optional.empty(); // It is too old to be there.
      }
      throw e;
    }
  }

  /** The event log, on one connection. */
  private final class Log implements Pump.Session<StreamEntry> {
    private final Jedis jedis;
    private final RedisLease lease = new RedisLease(Names.PUBLISHER, name, LEASE, nanoClock);
    private Optional<StreamEntryID> position = Optional.empty();

    Log(Jedis jedis) {
      this.jedis = jedis;
    }

    @Override
    public boolean lease() {
      boolean leased = lease.hold(jedis);
      if (!leased) {
        position = Optional.empty();
      }
      counters.waiting = jedis.xlen(Names.EVENT_LOG);
      return leased;
    }

    @Override
    public List<StreamEntry> read() throws IOException, JetStreamApiException {
      if (position.isEmpty()) {
        resume();
      }
      List<Map.Entry<String, List<StreamEntry>>> read =
          jedis.xread(
              XReadParams.xReadParams().count(TAKE_MAX).block(BLOCK_MS),
              Map.of(Names.EVENT_LOG, position.get()));
      return read == null || read.isEmpty() ? List.of() : read.get(0).getValue();
    }

    /** Has the batch read again, because JetStream may have stored a part of it. */
    @Override
    public boolean keep(List<StreamEntry> batch) {
      return false;
    }

    @Override
    public void acknowledge(List<StreamEntry> batch) {
      moveTo(batch.get(batch.size() - 1).getID());
    }

    @Override
    public void close() {
      try (jedis) {
        lease.release(jedis);
      } catch (JedisException e) {
        state.down(RedisAddress.words(e)); // The lease expires by itself.
      }
    }

    /** Resumes behind the later of the two memories: JetStream's own, and the one in Redis. */
    private void resume() throws IOException, JetStreamApiException {
      Optional<StreamEntryID> stored = lastStored();
      state.up();
      String known = jedis.get(Names.PUBLISHED);
      StreamEntryID remembered = new StreamEntryID(known == null ? "0-0" : known);
      moveTo(stored.filter(id -> id.compareTo(remembered) > 0).orElse(remembered));
    }

    private void moveTo(StreamEntryID id) {
      StreamEntryID next = new StreamEntryID(id.getTime(), id.getSequence() + 1);
      Pipeline pipeline = jedis.pipelined();
      pipeline.set(Names.PUBLISHED, id.toString());
      pipeline.xtrim(Names.EVENT_LOG, XTrimParams.xTrimParams().minId(next.toString()));
      pipeline.sync();
      position = Optional.of(id);
    }
  }
}

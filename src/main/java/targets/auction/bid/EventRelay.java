package targets.auction.bid;

import static redis.clients.jedis.util.SafeEncoder.encode;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.resps.StreamEntryBinary;
import targets.auction.AuctionEvent;
import targets.auction.Names;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.Pump;
import targets.shared.RedisAddress;
import targets.shared.RedisLog;
import targets.shared.RedisLog.Entry;
import targets.shared.StoreWriter;
import targets.shared.StoreWriter.Outgoing;

/**
 * Publishes the event log of Redis to JetStream, in order and once. Each message carries the
 * position that it expects in JetStream, which refuses it if an earlier one was lost, and the id of
 * its event, which makes a repetition harmless. One relay works at a time; others wait for the
 * lease.
 */
final class EventRelay implements Pump.Source<Entry<AuctionEvent>>, Pump.Sink<Entry<AuctionEvent>> {
  private static final String EXPECTED = "Nats-Expected-Last-Sequence";

  private static final int TAKE_MAX = 256;
  private static final int UNREADABLE_MAX = 10_000;
  private static final long RETRY_MS = 50;
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final int NO_MESSAGE = 10037;

  private final RedisLog.Streams log =
      new RedisLog.Streams(
          List.of(Names.EVENT_LOG), TAKE_MAX, Names.PUBLISHER, UUID.randomUUID().toString(), LEASE);
  private final LinkState state = new LinkState("Redis or JetStream, for the event relay,");
  private final RedisAddress address;
  private final NatsLink store;
  private final BidServer.Figures counters;
  private final StoreWriter writer;
  private final LongSupplier nanoClock;

  /** Position of the last event in JetStream. */
  private long last;

  /** The ids of the last events in JetStream when the relay resumed. */
  private Set<String> stored = Set.of();

  EventRelay(
      RedisAddress address,
      NatsLink store,
      BidServer.Figures counters,
      BidServer.Settings settings,
      LongSupplier nanoClock) {
    this.address = address;
    this.store = store;
    this.counters = counters;
    this.writer =
        new StoreWriter(settings.store().store(), store::ready, this::acknowledged, nanoClock);
    this.nanoClock = nanoClock;
  }

  @Override
  public boolean isReady() {
    return store.ready().isPresent();
  }

  @Override
  public Pump.Session<Entry<AuctionEvent>> open() {
    return new Log(address.connect(RedisLog.SILENCE_MS));
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
  public int deliver(List<Entry<AuctionEvent>> entries) throws InterruptedException {
    List<Outgoing> messages = new ArrayList<>(entries.size());
    for (Entry<AuctionEvent> entry : entries) {
      entry
          .content()
          .filter(event -> !stored.contains(event.eventId()))
          .ifPresent(event -> messages.add(message(event, last + messages.size())));
    }
    return writer.write(messages) == messages.size() ? entries.size() : 0;
  }

  private static Outgoing message(AuctionEvent event, long expected) {
    Outgoing message = Outgoing.of(Names.stored(event.itemId()), event.eventId(), event.json());
    message.headers().put(EXPECTED, Long.toString(expected));
    return message;
  }

  private void acknowledged(PublishAck ack) {
    if (ack.isDuplicate()) {
      counters.repeated.increment();
    } else {
      counters.published.increment();
      last = ack.getSeqno();
    }
  }

  /**
   * Reads the end of the store: its position, and the events that a relay may have stored before it
   * could delete their entries, at most one batch.
   */
  private void resume(boolean inDoubt) throws IOException, JetStreamApiException {
    Connection connection =
        store.ready().orElseThrow(() -> new IOException("the store does not answer"));
    JetStreamManagement management = connection.jetStreamManagement();
    StreamState end = management.getStreamInfo(Names.STORE).getStreamState();
    last = end.getLastSequence();
    stored = new HashSet<>();
    long from = Math.max(1, Math.max(end.getFirstSequence(), last - TAKE_MAX + 1));
    for (long position = last; inDoubt && position >= from; position--) {
      try {
        AuctionEvent.read(management.getMessage(Names.STORE, position).getData())
            .ifPresent(event -> stored.add(event.eventId()));
      } catch (JetStreamApiException e) {
        if (e.getApiErrorCode() != NO_MESSAGE) {
          throw e;
        }
      }
    }
    state.up();
  }

  /** The event log, on one connection. */
  private final class Log extends RedisLog<AuctionEvent> {
    private boolean resumed;

    Log(Jedis jedis) {
      super(jedis, log, nanoClock);
    }

    @Override
    protected Optional<AuctionEvent> content(StreamEntryBinary entry) {
      Map<String, String> fields = new HashMap<>();
      entry.getFields().forEach((name, value) -> fields.put(encode(name), encode(value)));
      return AuctionEvent.readLogEntry(fields);
    }

    @Override
    public boolean lease() {
      boolean leased = super.lease();
      resumed &= leased;
      counters.waiting = jedis.xlen(Names.EVENT_LOG);
      return leased;
    }

    @Override
    public List<Entry<AuctionEvent>> read() throws IOException, JetStreamApiException {
      if (!resumed) {
        resume(counters.waiting > 0);
        resumed = true;
      }
      return super.read();
    }

    /** Has the batch read again, because JetStream may have stored a part of it. */
    @Override
    public boolean keep(List<Entry<AuctionEvent>> batch) {
      return false;
    }

    /** Keeps entries that are not events apart. */
    @Override
    public void acknowledge(List<Entry<AuctionEvent>> batch) {
      for (Entry<AuctionEvent> entry : batch) {
        if (entry.content().isEmpty()) {
          XAddParams bounded = XAddParams.xAddParams().maxLen(UNREADABLE_MAX);
          jedis.xadd(encode(Names.UNREADABLE), bounded, entry.read().getFields());
          counters.unreadable.increment();
        } else if (stored.contains(entry.content().get().eventId())) {
          counters.repeated.increment();
        }
      }
      super.acknowledge(batch);
    }
  }
}

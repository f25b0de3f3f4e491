package targets.auction.broadcast;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import targets.auction.AuctionEvent;
import targets.auction.Names;
import targets.shared.NatsLink;
import targets.shared.PushClient;
import targets.shared.PushClients;
import targets.shared.PushMessage;
import targets.shared.Store;
import targets.shared.StoreReader;

/** The feeds of all items with viewers, and the one subscription for them. Thread-safe. */
final class ItemFeeds implements NatsLink.Watcher {
  /** What an event takes while it waits, its JSON and its fields. */
  private static final int EVENT_BYTES = 1024;

  /** Events on their way to the event loops; above it NATS's client has to wait. */
  private static final int UNDER_WAY_MAX = (int) (NatsLink.HEAP_SHARE / EVENT_BYTES);

  private final Semaphore underWay = new Semaphore(UNDER_WAY_MAX);
  private final Map<String, ItemFeed> items = new HashMap<>();
  final StoreReader store;
  final PushClients clients;
  final BroadcastServer.Figures counters;
  final BroadcastServer.Seam seam;

  private volatile Connection connection;

  ItemFeeds(
      Store place,
      PushClients clients,
      BroadcastServer.Figures counters,
      BroadcastServer.Seam seam) {
    this.store = new StoreReader(place, () -> Optional.ofNullable(connection), counters.storeReads);
    this.clients = clients;
    this.counters = counters;
    this.seam = seam;
  }

  /** An event with its JSON and its position in the store. */
  @SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
  record Stored(AuctionEvent event, byte[] json, long position) {
    /** Reads a message that the store republished or returned; empty if it is neither. */
    static Optional<Stored> read(Message message) {
      long position = StoreReader.position(message);
      return Optional.of(message)
          .filter(unused -> position > 0)
          .flatMap(stored -> AuctionEvent.read(stored.getData()))
          .map(event -> new Stored(event, message.getData(), position));
    }
  }

  /** Attaches a viewer to an item: the state comes first, then every event. */
  void join(String itemId, PushClient<PushMessage> viewer) {
    ItemFeed feed;
    synchronized (this) {
      feed = items.computeIfAbsent(itemId, id -> new ItemFeed(id, viewer.loop(), this));
      feed.viewers++;
    }
    feed.loop.execute(() -> feed.join(viewer));
  }

  /** Detaches a viewer; an item without viewers is dropped. */
  synchronized void leave(String itemId) {
    items.computeIfPresent(itemId, (id, feed) -> --feed.viewers == 0 ? null : feed);
  }

  synchronized int viewers(String itemId) {
    ItemFeed feed = items.get(itemId);
    return feed == null ? 0 : feed.viewers;
  }

  @Override
  public void connected(Connection made) {
    connection = made;
    Dispatcher dispatcher = NatsLink.dispatcher(made, this::receive);
    dispatcher.subscribe(Names.LIVE_PREFIX + "*");
    resubscribed();
  }

  @Override
  public synchronized void resubscribed() {
    items.values().forEach(feed -> feed.loop.execute(feed::missed));
  }

  @Override
  public void dropped() {
    counters.dropped.increment();
    resubscribed();
  }

  /** On the thread of the NATS client. */
  private void receive(Message message) {
    String itemId = message.getSubject().substring(Names.LIVE_PREFIX.length());
    ItemFeed feed;
    synchronized (this) {
      feed = items.get(itemId);
    }
    if (feed == null) {
      return;
    }
    Optional<Stored> event = Stored.read(message);
    if (event.isEmpty()) {
      counters.unreadable.increment();
      return;
    }
    underWay.acquireUninterruptibly();
    feed.loop.execute(
        () -> {
          underWay.release();
          feed.live(event.get());
        });
  }
}

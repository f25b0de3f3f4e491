package targets.auction.broadcast;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import targets.auction.Names;
import targets.shared.NatsLink;

/** The feeds of all items that are watched, and the one subscription for them. Thread-safe. */
final class Feeds implements NatsLink.Watcher {
  /** Events on their way to the event loops; above it NATS's client has to wait. */
  private static final int UNDER_WAY_MAX = 65_536;

  private static final long PENDING_MESSAGES_MAX = 131_072;
  private static final long PENDING_BYTES_MAX = 64L << 20;

  private final Semaphore underWay = new Semaphore(UNDER_WAY_MAX);
  private final Map<String, Watched> items = new HashMap<>();
  private final EventLoopGroup loops;
  private final ItemFeed.Parts parts;

  Feeds(EventLoopGroup loops, ItemFeed.Parts parts) {
    this.loops = loops;
    this.parts = parts;
  }

  /** A feed, and for how many. */
  private static final class Watched {
    ItemFeed feed;
    int viewers;
  }

  /** Lets a viewer see an item; its state comes first, then every event. */
  void join(String itemId, Viewer viewer) {
    ItemFeed feed;
    synchronized (this) {
      Watched watched = items.computeIfAbsent(itemId, unused -> new Watched());
      if (watched.feed == null) {
        EventLoop loop = loops.next();
        watched.feed = new ItemFeed(itemId, loop, parts, () -> left(itemId));
      }
      watched.viewers++;
      feed = watched.feed;
    }
    feed.loop().execute(() -> feed.join(viewer));
  }

  /** How many watch an item. */
  synchronized int viewers(String itemId) {
    Watched watched = items.get(itemId);
    return watched == null ? 0 : watched.viewers;
  }

  /** An item that nobody watches any more is forgotten. */
  private synchronized void left(String itemId) {
    Watched watched = items.get(itemId);
    if (--watched.viewers == 0) {
      items.remove(itemId);
    }
  }

  @Override
  public void connected(Connection made) {
    Dispatcher dispatcher = made.createDispatcher(this::heard);
    dispatcher.setPendingLimits(PENDING_MESSAGES_MAX, PENDING_BYTES_MAX);
    dispatcher.subscribe(Names.LIVE_PREFIX + "*");
    resubscribed();
  }

  @Override
  public synchronized void resubscribed() {
    items.values().forEach(watched -> watched.feed.loop().execute(watched.feed::missed));
  }

  @Override
  public void dropped() {
    parts.metrics().dropped.increment();
    resubscribed();
  }

  /** On the thread of NATS's client. */
  private void heard(Message message) {
    String itemId = message.getSubject().substring(Names.LIVE_PREFIX.length());
    ItemFeed feed;
    synchronized (this) {
      Watched watched = items.get(itemId);
      if (watched == null) {
        return;
      }
      feed = watched.feed;
    }
    Optional<StoredEvent> event = StoredEvent.read(message);
    if (event.isEmpty()) {
      parts.metrics().unreadable.increment();
      return;
    }
    underWay.acquireUninterruptibly();
    feed.loop()
        .execute(
            () -> {
              underWay.release();
              feed.live(event.get());
            });
  }
}

package targets.auction.broadcast;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import targets.auction.broadcast.BroadcastMetrics.End;

/**
 * Those viewers of one item who are on one event loop. The item's feed hands over events and
 * newcomers in one queue, so that a newcomer gets exactly what comes after its state. What came
 * together is written together, with one flush for each viewer.
 */
final class Audience {
  private static final int TRY_AGAIN_LATER = 1013;

  /**
   * Something for the audience.
   *
   * @param frame to be written, and released once
   * @param newcomer gets the frame alone and sits down; null if the frame is for all
   */
  private record Item(ByteBuf frame, Viewer newcomer) {}

  private final Queue<Item> items = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean called = new AtomicBoolean();
  private final Set<Viewer> viewers = new LinkedHashSet<>();
  private final EventLoop loop;
  private final BroadcastMetrics metrics;
  private final Runnable left;
  private final String tooSlow;

  /**
   * @param outboxBytes of a viewer, for the words
   * @param left is told of each viewer that left
   */
  Audience(EventLoop loop, BroadcastMetrics metrics, int outboxBytes, Runnable left) {
    this.loop = loop;
    this.metrics = metrics;
    this.left = left;
    this.tooSlow = "too slow: more than " + outboxBytes + " bytes wait for you";
  }

  /** An event for all; takes over the frame. On the feed's loop. */
  void event(ByteBuf frame) {
    add(new Item(frame, null));
  }

  /** A newcomer with the item's state; takes over the frame. On the feed's loop. */
  void join(Viewer viewer, ByteBuf state) {
    add(new Item(state, viewer));
  }

  /** On this audience's loop. */
  void leave(Viewer viewer) {
    viewers.remove(viewer);
    left.run();
  }

  private void add(Item item) {
    items.add(item);
    if (called.compareAndSet(false, true)) {
      loop.execute(this::serve);
    }
  }

  private void serve() {
    called.set(false);
    for (Item item = items.poll(); item != null; item = items.poll()) {
      if (item.newcomer() != null) {
        sit(item.newcomer(), item.frame());
      } else {
        write(item.frame());
      }
      item.frame().release();
    }
    viewers.forEach(Viewer::flush);
  }

  private void sit(Viewer viewer, ByteBuf state) {
    if (viewer.isOver()) {
      left.run();
      return;
    }
    viewer.sits(this);
    viewers.add(viewer);
    viewer.write(state);
  }

  private void write(ByteBuf frame) {
    Set<Viewer> slow = null;
    for (Viewer viewer : viewers) {
      if (!viewer.write(frame)) {
        slow = slow == null ? new LinkedHashSet<>() : slow;
        slow.add(viewer);
      }
    }
    metrics.delivered.add(viewers.size() - (slow == null ? 0 : slow.size()));
    if (slow != null) {
      slow.forEach(viewer -> viewer.drop(End.SLOW, TRY_AGAIN_LATER, tooSlow));
    }
  }
}

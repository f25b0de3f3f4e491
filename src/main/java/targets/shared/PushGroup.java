package targets.shared;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Clients of one event loop that receive the same messages. Messages that arrive together go out in
 * one round, with one flush for each client. After every {@value #SLICE} clients a round lets the
 * loop read its sockets, so that a large group does not delay the pings of all.
 *
 * <p>{@link #publish}, {@link #join} and {@link #finish} may be called by any thread, everything
 * else by the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The loop's own tasks.
public final class PushGroup<M extends PushMessage> {
  private static final int SLICE = 256;
  private static final int ROUND_MAX = 64;

  /** Clients that left are dropped together, when they are so many and this part of all. */
  private static final int GONE_MIN = 64;

  private static final int GONE_PART = 8;
  private static final long LAST_ROUNDS_MS = 1000;
  private static final long PERMIT_WAIT_MS = 100;

  private record Item<M extends PushMessage>(M message, PushClient<M> client, ByteBuf first) {}

  private final EventLoop loop;
  private final int backlog;
  private final Semaphore permits;
  private final PushClients counters;
  private final Delivery<M> delivery;

  private final Queue<Item<M>> items = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean called = new AtomicBoolean();
  private final List<M> round = new ArrayList<>();
  private final List<PushClient<M>> clients = new ArrayList<>();
  private int gone;
  private int position;
  private boolean underWay;
  private Runnable last;
  private volatile boolean finishing;

  /** Deliveries of this slice, by the ordinal of their result, and the bytes of those written. */
  private final long[] results = new long[Delivery.Result.values().length];

  private long bytes;

  /** A group; {@link #publish} blocks while the backlog of messages waits. */
  public PushGroup(EventLoop loop, int backlog, PushClients counters, Delivery<M> delivery) {
    this.loop = loop;
    this.backlog = backlog;
    this.permits = new Semaphore(backlog);
    this.counters = counters;
    this.delivery = delivery;
  }

  /** Sends a message, which it retains, to all clients that want it; blocks at the backlog. */
  public void publish(M message) {
    try {
      while (!permits.tryAcquire(PERMIT_WAIT_MS, TimeUnit.MILLISECONDS)) {
        if (finishing) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    message.retain();
    add(new Item<>(message, null, null));
  }

  /** Adds a client, which gets this frame and then every message that is published later. */
  public void join(PushClient<M> client, ByteBuf first) {
    add(new Item<>(null, client, first));
  }

  /** Adds a client at once, on the loop: it also gets the messages of the round under way. */
  public void join(PushClient<M> client) {
    client.enter(this);
    clients.add(client);
  }

  /** Runs the last task of the loop after the messages published so far, within a bound. */
  public void finish(Runnable task) {
    finishing = true;
    loop.execute(
        () -> {
          last = task;
          loop.schedule(this::end, underWay ? LAST_ROUNDS_MS : 0, TimeUnit.MILLISECONDS);
        });
  }

  /** Returns the number of messages that wait or are under way. */
  public int waiting() {
    return backlog - permits.availablePermits();
  }

  /** One of the clients is open no more. */
  void left() {
    gone++;
    if (!underWay) {
      compact();
    }
  }

  private void add(Item<M> item) {
    items.add(item);
    if (called.compareAndSet(false, true)) {
      loop.execute(
          () -> {
            called.set(false);
            if (!underWay) {
              begin();
            }
          });
    }
  }

  private void begin() {
    position = 0;
    while (round.size() < ROUND_MAX && !items.isEmpty()) {
      boolean joins = items.element().message() == null;
      if (joins && !round.isEmpty()) {
        break; // The new client's first frame already covers this round.
      }
      Item<M> item = items.remove();
      if (joins) {
        welcome(item.client(), item.first());
      } else {
        round.add(item.message());
      }
    }
    underWay = !round.isEmpty();
    if (underWay) {
      slice();
    }
  }

  private void welcome(PushClient<M> client, ByteBuf first) {
    if (client.isOpen()) {
      join(client);
      client.write(first);
      client.flush();
    } else {
      first.release();
    }
  }

  private void slice() {
    int end = Math.min(position + SLICE, clients.size());
    for (; position < end; position++) {
      serve(clients.get(position));
    }
    counters.count(results, bytes);
    Arrays.fill(results, 0);
    bytes = 0;
    // A scheduled task runs after the loop's next look at its sockets; one that is merely executed
    // would run before.
    if (position < clients.size()) {
      loop.schedule(this::slice, 0, TimeUnit.NANOSECONDS);
      return;
    }
    round.forEach(PushMessage::release);
    permits.release(round.size());
    round.clear();
    underWay = false;
    compact();
    if (!items.isEmpty()) {
      underWay = true;
      loop.schedule(this::begin, 0, TimeUnit.NANOSECONDS);
    } else if (last != null) {
      end();
    }
  }

  @SuppressWarnings("EnumOrdinal") // As PushClients counts.
  private void serve(PushClient<M> client) {
    boolean wrote = false;
    for (M message : round) {
      if (client.isOpen() && client.wants(message)) {
        Delivery.Result result = delivery.deliver(client, message);
        results[result.ordinal()]++;
        if (result == Delivery.Result.DELIVERED) {
          bytes += client.bytesOf(message);
          wrote = true;
        }
      }
    }
    if (wrote) {
      client.flush();
    }
  }

  /** Not within a round: a client that moved to a place already served would miss it. */
  private void compact() {
    if (gone >= GONE_MIN && gone >= clients.size() / GONE_PART) {
      clients.removeIf(client -> !client.isOpen());
      gone = 0;
    }
  }

  private void end() {
    Runnable task = last;
    last = null;
    if (task != null) {
      task.run();
    }
  }
}

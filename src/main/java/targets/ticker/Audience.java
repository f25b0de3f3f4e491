package targets.ticker;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import targets.shared.Defects;

/**
 * The clients of one event loop, and the broadcasts that go to them. Broadcasts that come together
 * go in one round: each client gets all of them by one write. A round goes on for {@value #SLICE}
 * clients, then lets the loop read and answer pings before it goes on. So an audience of many
 * thousands does not make anybody's ping wait for all of them.
 *
 * <p>Only {@link #publish} and {@link #stop} are for other threads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The loop's own tasks.
final class Audience {
  private static final int SLICE = 256;
  private static final int ROUND_MAX = 64;
  private static final int HOLES_MIN = 64;
  private static final long TICK_MS = 250;
  private static final long LAST_ROUNDS_MS = 1000;
  private static final long BLOCKED_MS = 1;
  private static final long ROOM_WAIT_MS = 100;
  private static final int LEAK_BYTES = 16 * 1024;

  private final EventLoop loop;
  private final Semaphore room;
  private final LongSupplier nanoClock;
  private final LongSupplier unixNs;
  private final Tally tally;
  private final boolean blocks;
  private final boolean leaks;

  private final Queue<Broadcast> pending = new ArrayDeque<>();
  private final List<Broadcast> round = new ArrayList<>(ROUND_MAX);
  private final List<Client> clients = new ArrayList<>();
  private final List<byte[]> leaked = new ArrayList<>();
  private int holes;
  private int position;
  private boolean underWay;
  private boolean closes;
  private volatile boolean stopped;
  private volatile int known;

  /**
   * @param backlog broadcasts that may wait
   * @param unixNs tells when tokens expire
   * @param nanoClock tells what else is due
   */
  Audience(
      EventLoop loop,
      int backlog,
      TickerMetrics metrics,
      Defects defects,
      LongSupplier unixNs,
      LongSupplier nanoClock) {
    this.loop = loop;
    this.room = new Semaphore(backlog);
    this.nanoClock = nanoClock;
    this.unixNs = unixNs;
    this.tally =
        new Tally(
            metrics,
            TickerDefects.every(defects, TickerDefects.DROP),
            TickerDefects.every(defects, TickerDefects.DUPLICATE));
    this.blocks = defects.has(TickerDefects.BLOCKING);
    this.leaks = defects.has(TickerDefects.LEAK);
  }

  void start() {
    loop.scheduleAtFixedRate(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  /** Gives a broadcast to everybody whom it is for; waits while too many wait already. */
  void publish(Broadcast broadcast) {
    try {
      while (!room.tryAcquire(ROOM_WAIT_MS, TimeUnit.MILLISECONDS)) {
        if (stopped) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    broadcast.retain();
    loop.execute(() -> arrive(broadcast));
  }

  /** Closes everybody, after the broadcasts that were taken before. */
  void stop() {
    stopped = true;
    loop.execute(
        () -> {
          closes = true;
          if (underWay) {
            loop.schedule(this::closeAll, LAST_ROUNDS_MS, TimeUnit.MILLISECONDS);
          } else {
            closeAll();
          }
        });
  }

  /** How many broadcasts wait, or are under way. */
  int waiting(int backlog) {
    return backlog - room.availablePermits();
  }

  /** Clients whose state is kept. */
  int known() {
    return known;
  }

  void join(Client client) {
    client.moveTo(clients.size());
    clients.add(client);
    count();
  }

  void leave(Client client) {
    clients.set(client.place(), null);
    holes++;
    if (leaks) {
      leaked.add(new byte[LEAK_BYTES]);
    }
    count();
  }

  private void arrive(Broadcast broadcast) {
    pending.add(broadcast);
    if (!underWay) {
      begin();
    }
  }

  private void begin() {
    underWay = true;
    position = 0;
    while (round.size() < ROUND_MAX && !pending.isEmpty()) {
      round.add(pending.poll());
    }
    slice();
  }

  private void slice() {
    int end = Math.min(position + SLICE, clients.size());
    while (position < end) {
      Client client = clients.get(position);
      if (client != null) {
        if (blocks && client.isSlow()) {
          loop.schedule(this::slice, BLOCKED_MS, TimeUnit.MILLISECONDS);
          return;
        }
        client.take(round, tally);
      }
      position++;
    }
    tally.tell();
    // A task that is due now runs after the loop's next look at its sockets; one that is merely
    // executed would run before.
    if (position < clients.size()) {
      loop.schedule(this::slice, 0, TimeUnit.NANOSECONDS);
    } else {
      end();
    }
  }

  private void end() {
    round.forEach(Broadcast::release);
    room.release(round.size());
    round.clear();
    underWay = false;
    compact();
    if (!pending.isEmpty()) {
      underWay = true;
      loop.schedule(this::begin, 0, TimeUnit.NANOSECONDS);
    } else if (closes) {
      closeAll();
    }
  }

  /** Not in a round: who moves to a place that was served would miss it. */
  private void compact() {
    if (holes < HOLES_MIN || holes < clients.size() / 2) {
      return;
    }
    int next = 0;
    for (Client client : clients) {
      if (client != null) {
        client.moveTo(next);
        clients.set(next, client);
        next++;
      }
    }
    clients.subList(next, clients.size()).clear();
    holes = 0;
  }

  private void tick() {
    long nowNs = nanoClock.getAsLong();
    long nowS = TimeUnit.NANOSECONDS.toSeconds(unixNs.getAsLong());
    for (int index = 0; index < clients.size(); index++) {
      Client client = clients.get(index);
      if (client != null) {
        client.tick(nowNs, nowS); // It may leave by that; then its place is empty.
      }
    }
    if (!underWay) {
      compact();
    }
  }

  private void closeAll() {
    for (int index = 0; index < clients.size(); index++) {
      Client client = clients.get(index);
      if (client != null) {
        client.close(Close.STOPPING);
      }
    }
  }

  private void count() {
    known = clients.size() - holes + leaked.size();
  }
}

package targets.shared;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The WebSocket clients of a target: limits, counters, and a look at each client a few times a
 * second, for pings and time limits. A client is added and removed on its event loop; everything
 * else is thread-safe.
 *
 * <p>Of every message, for each of its receivers: addressed = delivered + conflated + undelivered +
 * waiting.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The loops' own tasks.
public final class PushClients {
  private static final long TICK_MS = 250;

  /**
   * Limits of each client.
   *
   * @param outboxBytes messages that wait besides the socket's buffers; 0 to close a client as soon
   *     as its buffers are full
   * @param ping interval between pings
   * @param idle longest time without a frame of the client
   * @param stall longest time with full buffers
   */
  public record Limits(
      int outboxBytes, Duration ping, Duration idle, Duration stall, Duration closeWait) {}

  private final LongAdder addressed;
  private final LongAdder delivered;
  private final LongAdder conflated;
  final LongAdder undelivered;
  final LongAdder bytes;
  final LongAdder slowed;
  final LongAdder pingsSkipped;

  private final Limits limits;
  private final LongSupplier nanoClock;
  private final AtomicInteger count = new AtomicInteger();

  /** Each set is touched by its loop alone. */
  private final Map<EventLoop, Set<PushClient<?>>> byLoop = new LinkedHashMap<>();

  /**
   * The clients of all event loops of a target, which are looked at from now on.
   *
   * @param counters counts one delivery for each message and receiver
   */
  public PushClients(
      Iterable<EventExecutor> loops, Limits limits, Counters counters, LongSupplier nanoClock) {
    this.limits = limits;
    this.nanoClock = nanoClock;
    addressed = counters.counter("deliveries_addressed", "Deliveries begun");
    delivered = counters.counter("messages_delivered", "Deliveries written to connections");
    conflated = counters.counter("deliveries_conflated", "Deliveries replaced by newer ones");
    undelivered = counters.counter("deliveries_undelivered", "Deliveries that waited at the end");
    bytes = counters.counter("bytes_sent", "Bytes written to connections");
    slowed = counters.counter("clients_slowed", "Times a client became slow");
    pingsSkipped = counters.counter("heartbeats_skipped", "Heartbeats skipped for slow clients");
    for (EventExecutor each : loops) {
      Set<PushClient<?>> ofLoop = new LinkedHashSet<>();
      byLoop.put((EventLoop) each, ofLoop);
      each.scheduleAtFixedRate(() -> tick(ofLoop), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Counts a delivery that had waited. */
  void delivered(long written) {
    delivered.increment();
    bytes.add(written);
  }

  /** Returns the number of clients whose state is kept. */
  public long count() {
    return count.get();
  }

  /** Closes the clients of all loops, soon. */
  public void closeAll() {
    byLoop.keySet().forEach(loop -> loop.execute(() -> closeAll(loop)));
  }

  /** Closes the clients of one loop; on that loop. */
  public void closeAll(EventLoop loop) {
    new ArrayList<>(byLoop.get(loop)).forEach(client -> client.close(CloseReason.STOPPING));
  }

  void add(PushClient<?> client) {
    byLoop.get(client.loop()).add(client);
    count.incrementAndGet();
  }

  void remove(PushClient<?> client) {
    byLoop.get(client.loop()).remove(client);
    count.decrementAndGet();
  }

  /** Counts deliveries by the ordinal of their result, and the bytes of those written. */
  @SuppressWarnings("EnumOrdinal") // Counted for each client and message, without a map.
  void count(long[] results, long written) {
    for (long deliveries : results) {
      addressed.add(deliveries);
    }
    delivered.add(results[Delivery.Result.DELIVERED.ordinal()]);
    conflated.add(results[Delivery.Result.CONFLATED.ordinal()]);
    undelivered.add(results[Delivery.Result.REFUSED.ordinal()]);
    bytes.add(written);
  }

  Limits limits() {
    return limits;
  }

  long nowNs() {
    return nanoClock.getAsLong();
  }

  private void tick(Set<PushClient<?>> clients) {
    long nowNs = nowNs();
    new ArrayList<>(clients).forEach(client -> client.tick(nowNs));
  }
}

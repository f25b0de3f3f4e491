package targets.auction.bid;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import targets.shared.Listener;
import targets.shared.Service;
import targets.shared.Service.Cut;

/**
 * Holds the connections of Jetty to the limits that other targets have from {@link Service}: Jetty
 * bounds silence only, so a client that sends a byte now and then could stay for ever. Thread-safe;
 * {@link #sweep} is called by one thread.
 */
final class JettyTimer implements Connection.Listener {
  static final long SWEEP_MS = 100;

  private final Map<Connection, Progress> open = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final Listener limits;
  private final Duration answer;
  private final Service service;
  private final LongSupplier nanoClock;

  /**
   * How far a connection was when it last began something else.
   *
   * @param doing the limit that runs
   * @param heads of requests so far
   * @param bytes read when the last request ended
   */
  private record Progress(Cut doing, long heads, long bytes, long sinceNs) {}

  /** A timer, for which the answer to a whole request may take so long. */
  JettyTimer(Listener limits, Duration answer, Service service, LongSupplier nanoClock) {
    this.limits = limits;
    this.answer = answer;
    this.service = service;
    this.nanoClock = nanoClock;
  }

  @Override
  public void onOpened(Connection connection) {
    if (count.incrementAndGet() > limits.maxConnections()) {
      close(connection, Cut.FULL);
    } else {
      open.put(connection, new Progress(Cut.IDLE, 0, 0, nanoClock.getAsLong()));
    }
  }

  @Override
  public void onClosed(Connection connection) {
    count.decrementAndGet();
    open.remove(connection);
  }

  /** Closes the connections that are over a limit. */
  void sweep() {
    long nowNs = nanoClock.getAsLong();
    open.replaceAll((connection, before) -> progress(connection, before, nowNs));
    open.forEach(
        (connection, progress) -> {
          Duration limit = limits.times().of(progress.doing);
          // That Redis takes its time is no fault of the client.
          Duration bound = progress.doing == Cut.SLOW_BODY ? limit.plus(answer) : limit;
          if (nowNs - progress.sinceNs >= bound.toNanos()) {
            close(connection, progress.doing);
          }
        });
  }

  private static Progress progress(Connection connection, Progress before, long nowNs) {
    long heads = connection.getMessagesIn();
    long bytes = connection.getBytesIn();
    boolean answered = connection.getMessagesOut() >= heads;
    boolean inHead = answered && heads == before.heads && before.doing != Cut.SLOW_BODY;
    Cut doing = Cut.IDLE;
    if (!answered) {
      doing = Cut.SLOW_BODY;
    } else if (inHead && bytes > before.bytes) {
      doing = Cut.SLOW_HEAD;
    }
    boolean same = doing == before.doing && heads == before.heads;
    return new Progress(doing, heads, inHead ? before.bytes : bytes, same ? before.sinceNs : nowNs);
  }

  private void close(Connection connection, Cut limit) {
    if (open.remove(connection) != null || limit == Cut.FULL) {
      service.count(limit);
      connection.getEndPoint().close();
    }
  }
}

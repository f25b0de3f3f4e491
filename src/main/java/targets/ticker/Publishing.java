package targets.ticker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.Connection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import targets.shared.Json;
import targets.shared.NatsLink;

/**
 * Tells the market on an open schedule: message n is due n/rate seconds after the first, and when
 * some are late they are told at once, as real events would be. It begins when NATS is there for
 * the first time; what is due while NATS is away afterwards is lost, and counted. One thread.
 */
final class Publishing implements AutoCloseable {
  private static final double NS_OF_S = 1e9;
  private static final long FIRST_LOOK_NS = 10_000_000;
  private static final long JOIN_MS = 2000;

  private final PublisherSettings settings;
  private final SeededMarket market;
  private final NatsLink nats;
  private final PublisherMetrics metrics;
  private final long epoch;
  private final LongSupplier unixNs;
  private final LongSupplier nanoClock;
  private final Thread thread = new Thread(this::run, "publishing");
  private volatile boolean closed;

  /**
   * @param epoch in which sequences begin at 1
   * @param unixNs stamps the messages
   * @param nanoClock keeps the schedule
   */
  Publishing(
      PublisherSettings settings,
      NatsLink nats,
      PublisherMetrics metrics,
      long epoch,
      LongSupplier unixNs,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.market =
        new SeededMarket(settings.seed(), settings.tokens(), settings.users(), settings.kinds());
    this.nats = nats;
    this.metrics = metrics;
    this.epoch = epoch;
    this.unixNs = unixNs;
    this.nanoClock = nanoClock;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      TimeUnit.MILLISECONDS.timedJoin(thread, JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed && !nats.state().isUp()) {
      LockSupport.parkNanos(FIRST_LOOK_NS);
    }
    long startNs = nanoClock.getAsLong();
    long startUnixNs = unixNs.getAsLong();
    for (long number = 0; settings.count() == 0 || number < settings.count(); number++) {
      long sinceNs = Math.round(number * NS_OF_S / settings.rate());
      if (!await(startNs + sinceNs)) {
        return;
      }
      tell(startUnixNs + sinceNs);
      metrics.late(nanoClock.getAsLong() - startNs - sinceNs);
    }
    metrics.done();
  }

  /** False if it is to stop. */
  private boolean await(long dueNs) {
    long leftNs = dueNs - nanoClock.getAsLong();
    while (!closed && leftNs > 0) {
      LockSupport.parkNanos(leftNs);
      leftNs = dueNs - nanoClock.getAsLong();
    }
    return !closed;
  }

  private void tell(long dueUnixNs) {
    SeededMarket.Told told = market.next();
    Subject subject = told.subject();
    ObjectNode message = told.content();
    message.put("type", subject.kind().type());
    message.put("seq", metrics.next(subject.feed()));
    message.put("epoch", epoch);
    message.put("due", dueUnixNs);
    message.put("published", unixNs.getAsLong());
    if (publish(subject.text(), Json.bytes(message))) {
      metrics.published.increment();
    } else {
      metrics.lost.increment();
    }
  }

  private boolean publish(String subject, byte[] message) {
    Optional<Connection> connection = nats.connection();
    if (connection.isEmpty()) {
      return false;
    }
    try {
      connection.get().publish(subject, message);
      return true;
    } catch (IllegalStateException e) {
      return false; // Away, and nothing may wait for it: a price of then is no price of now.
    }
  }
}

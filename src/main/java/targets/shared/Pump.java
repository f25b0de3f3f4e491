package targets.shared;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Moves entries from one store to another, at least once and in order: reads a batch, delivers all
 * of it, acknowledges it to the source, and only then reads on. At most one batch is held. After
 * any failure the batch is still in the source and is read again. One thread; {@link #close} may be
 * called from any.
 */
public final class Pump<E> extends Worker {
  private static final long RETRY_MS = 50;
  private static final long RETRY_MAX_MS = 500;
  private static final Duration JOIN_SLACK = Duration.ofSeconds(3);

  private final Source<E> source;
  private final Sink<E> sink;
  private final Ending ending;
  private final LongSupplier nanoClock;
  private boolean emptied;

  /** Null until the pump is closed. */
  private volatile Long closedNs;

  /** The store that entries come from. */
  public interface Source<E> {
    /** Connects. Failures of Redis or NATS are thrown. */
    Session<E> open() throws IOException, JetStreamApiException;

    /** Reports a failure; returns the time to wait before the next connection, in milliseconds. */
    long failed(Exception reason);
  }

  /** One connection to the source. Failures of Redis or NATS are thrown, and end the session. */
  public interface Session<E> extends AutoCloseable {
    /** Extends the lease on the source; returns false while another process holds it. */
    boolean lease() throws IOException, JetStreamApiException;

    /** Reads the next batch, waiting a moment for it; empty if there is none. */
    List<E> read() throws IOException, JetStreamApiException, InterruptedException;

    /** Extends the lease on a batch before a retry; returns false if another process has it now. */
    boolean keep(List<E> batch) throws IOException, JetStreamApiException;

    void acknowledge(List<E> batch) throws IOException, JetStreamApiException;

    /** Releases the lease and disconnects. Does not throw. */
    @Override
    void close();
  }

  /** The store that entries go to. Its failures are values: entries that were not delivered. */
  public interface Sink<E> {
    boolean isReady();

    /** Delivers in order; returns how many entries from the first on have arrived. */
    int deliver(List<E> entries) throws InterruptedException;
  }

  /**
   * The end of a pump's work.
   *
   * @param whenEmpty whether everything in the source is delivered, or only the batch in hand
   */
  public record Ending(Duration bound, boolean whenEmpty) {}

  public Pump(String name, Source<E> source, Sink<E> sink, Ending ending, LongSupplier nanoClock) {
    super(name, ending.bound().plus(JOIN_SLACK));
    this.source = source;
    this.sink = sink;
    this.ending = ending;
    this.nanoClock = nanoClock;
  }

  @Override
  protected void closing() {
    closedNs = nanoClock.getAsLong();
  }

  @Override
  protected long work() throws InterruptedException {
    try (Session<E> session = source.open()) {
      emptied = serve(session);
      return RETRY_MS;
    } catch (IOException | JetStreamApiException | JedisException | IllegalStateException e) {
      return isClosed() ? RETRY_MS : source.failed(e);
    }
  }

  /** Works until a batch is given up or the pump is over; returns true if nothing is left to do. */
  private boolean serve(Session<E> session)
      throws IOException, JetStreamApiException, InterruptedException {
    while (!isClosed() || (ending.whenEmpty() && !isTimeUp())) {
      if (!session.lease()) {
        if (isClosed()) {
          return true; // Another process delivers what is left.
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      } else if (!sink.isReady()) {
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      } else {
        List<E> batch = session.read();
        if (batch.isEmpty() && isClosed()) {
          return true;
        }
        if (!batch.isEmpty() && !deliver(session, batch)) {
          return false;
        }
      }
    }
    return false;
  }

  /** Delivers one batch, however long it takes; returns false if it was given up. */
  private boolean deliver(Session<E> session, List<E> batch)
      throws IOException, JetStreamApiException, InterruptedException {
    List<E> rest = batch;
    long waitMs = RETRY_MS;
    while (true) {
      int delivered = sink.deliver(rest);
      rest = rest.subList(delivered, rest.size());
      if (rest.isEmpty()) {
        session.acknowledge(batch);
        return true;
      }
      if (isTimeUp() || !session.keep(batch)) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(waitMs);
      waitMs = Math.min(2 * waitMs, RETRY_MAX_MS);
    }
  }

  @Override
  protected boolean isOver() {
    return isClosed() && (!ending.whenEmpty() || emptied || isTimeUp());
  }

  private boolean isTimeUp() {
    return closedNs != null && nanoClock.getAsLong() - closedNs > ending.bound().toNanos();
  }
}

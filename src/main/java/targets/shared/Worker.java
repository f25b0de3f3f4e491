package targets.shared;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part of a service with a thread of its own, which repeats its work until the service stops. */
public abstract class Worker implements Service.Part {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final long FAILED_MS = 250;

  private final Thread thread;
  private final Semaphore wakes = new Semaphore(0);
  private final long joinMs;
  private volatile boolean closed;

  /** A worker, whose thread has this name, and which {@link #close} awaits for so long. */
  protected Worker(String name, Duration bound) {
    this.joinMs = bound.toMillis();
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /** Works, and returns the time to wait before it does so again, in milliseconds. */
  protected abstract long work() throws InterruptedException;

  /** Called once by {@link #close}. */
  protected void closing() {}

  /** Returns true if there is no more work to do. */
  protected boolean isOver() {
    return closed;
  }

  protected final boolean isClosed() {
    return closed;
  }

  /** Ends the work's wait, or the next one; from any thread. */
  protected final void wake() {
    wakes.release();
  }

  /** Waits for {@link #wake} or the close, at most so long; returns true if one came. */
  protected final boolean await(long ns) throws InterruptedException {
    boolean woken = wakes.tryAcquire(ns, TimeUnit.NANOSECONDS);
    wakes.drainPermits();
    return woken;
  }

  @Override
  public final void start() {
    thread.start();
  }

  @Override
  public final void close() {
    closed = true;
    closing();
    wake();
    try {
      thread.join(joinMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Works once; a failure that the work did not foresee must not end the thread for ever. */
  private long attempt() throws InterruptedException {
    try {
      return work();
    } catch (RuntimeException e) {
      LOG.error("{} failed, and goes on", thread.getName(), e);
      return FAILED_MS;
    }
  }

  private void run() {
    try {
      while (!isOver()) {
        long waitMs = attempt();
        if (!isOver()) {
          TimeUnit.MILLISECONDS.sleep(waitMs);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package targets.defects;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trouble {@code thread-leak}: daemon threads that wait for ever, at most {@value #MAX}.
 * Thread-safe.
 */
final class ThreadLeak implements AutoCloseable {
  private static final int MAX = 2_000;

  /** How each of the threads is called, before its number. */
  static final String NAME = "leaked-";

  private static final Logger LOG = LoggerFactory.getLogger(ThreadLeak.class);

  /** They only wait. */
  private static final int STACK_BYTES = 64 * 1024;

  private static final long END_BOUND_MS = 1_000;

  private final int most;
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private boolean over;

  ThreadLeak() {
    this(MAX);
  }

  ThreadLeak(int most) {
    this.most = most;
  }

  /** Loses one thread. */
  synchronized void leak() {
    if (over) {
      return;
    }
    Thread thread = new Thread(null, this::await, NAME + threads.size(), STACK_BYTES);
    thread.setDaemon(true);
    try {
      thread.start();
      threads.add(thread);
      over = threads.size() == most;
    } catch (OutOfMemoryError e) {
      // The JVM throws this when the system gives it no more threads.
      over = true;
    }
    if (over) {
      LOG.warn("thread-leak ends at {} threads", threads.size());
    }
  }

  /** Ends the threads; waits at most {@value #END_BOUND_MS} ms for each. */
  @Override
  public synchronized void close() {
    over = true;
    end.countDown();
    try {
      for (Thread thread : threads) {
        TimeUnit.MILLISECONDS.timedJoin(thread, END_BOUND_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.clear();
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package simulations.run;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Work beside the users, such as a slow client's: each on a daemon thread of its own. */
public final class SideWork {
  /** Longest wait for the end of interrupted work. */
  private static final long JOIN_MS = 20_000;

  private final List<Thread> threads;
  private final CountDownLatch underWay;
  private boolean begun;

  public SideWork(String name, List<? extends Runnable> work) {
    underWay = new CountDownLatch(work.size());
    threads = work.stream().map(each -> new Thread(() -> run(each), name)).toList();
    threads.forEach(thread -> thread.setDaemon(true));
  }

  private void run(Runnable work) {
    try {
      work.run();
    } finally {
      underWay.countDown();
    }
  }

  /** Begins, with the first user; later calls change nothing. */
  public synchronized void begin() {
    if (!begun) {
      begun = true;
      threads.forEach(Thread::start);
    }
  }

  /**
   * Ends the work; none begins after that.
   *
   * @param bound of all of it, after which what is still under way is interrupted
   */
  public synchronized void end(Duration bound) {
    boolean any = begun;
    begun = true;
    try {
      if (any && !underWay.await(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.forEach(Thread::interrupt);
        var unused = underWay.await(JOIN_MS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

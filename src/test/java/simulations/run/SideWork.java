package simulations.run;

import java.time.Duration;
import java.util.List;

/** Work beside the users, such as a slow client's: each on a daemon thread of its own. */
public final class SideWork {
  /** Longest wait for the end of interrupted work. */
  private static final long JOIN_MS = 20_000;

  private final List<Thread> threads;
  private boolean begun;

  public SideWork(String name, List<? extends Runnable> work) {
    threads = work.stream().map(each -> new Thread(each, name)).toList();
    threads.forEach(thread -> thread.setDaemon(true));
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
   * @param bound after which what is still under way is interrupted
   */
  public synchronized void end(Duration bound) {
    begun = true;
    try {
      for (Thread thread : threads) {
        thread.join(Math.max(1, bound.toMillis()));
        thread.interrupt();
      }
      for (Thread thread : threads) {
        thread.join(JOIN_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

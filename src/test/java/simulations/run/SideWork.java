package simulations.run;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Work beside the users, such as a slow client's: each on a daemon thread of its own. */
public final class SideWork {
  /** Longest wait for the end of interrupted work. */
  private static final long JOIN_MS = 20_000;

  private final ExecutorService threads;
  private final List<? extends Runnable> work;
  private boolean begun;

  public SideWork(String name, List<? extends Runnable> work) {
    this.work = work;
    this.threads = Executors.newCachedThreadPool(new DefaultThreadFactory(name, true));
  }

  /** Begins, with the first user; later calls change nothing. */
  public synchronized void begin() {
    if (!begun && !threads.isShutdown()) {
      begun = true;
      work.forEach(threads::execute);
    }
  }

  /**
   * Ends the work; none begins after that.
   *
   * @param bound of all of it, after which what is still under way is interrupted
   */
  public synchronized void end(Duration bound) {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
        var unused = threads.awaitTermination(JOIN_MS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

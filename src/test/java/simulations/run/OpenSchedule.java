package simulations.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * An open schedule: hands out each item when it is due, whether earlier ones were slow or not, and
 * all that are due at once together. One daemon thread of its own, so that the moments do not
 * depend on how busy the injector's event loops are.
 */
public final class OpenSchedule<T> implements AutoCloseable {
  private static final int BATCH_MAX = 256;
  private static final long LOOK_NS = 5_000_000;
  private static final long JOIN_MS = 5_000;
  private static final long NS_PER_MS = 1_000_000;

  private final LongSupplier nanoClock;
  private final Function<Due<T>, Optional<Due<T>>> following;
  private final Consumer<List<Due<T>>> work;
  private final PriorityBlockingQueue<Entry<T>> queue =
      new PriorityBlockingQueue<>(
          BATCH_MAX,
          Comparator.comparingLong((Entry<T> entry) -> entry.due().atNs())
              .thenComparingLong(Entry::number));
  private final AtomicLong numbers = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  /** An item with its time in monotonic nanoseconds. */
  public record Due<T>(long atNs, T item) {}

  /** Items that are due at the same time keep the order in which they were added. */
  private record Entry<T>(Due<T> due, long number) {}

  /**
   * Starts the schedule's thread.
   *
   * @param following the item that an item brings in its turn, due later; empty if none
   * @param work takes the items that are due, at most {@value #BATCH_MAX}, in their order
   */
  public OpenSchedule(
      String name,
      LongSupplier nanoClock,
      Function<Due<T>, Optional<Due<T>>> following,
      Consumer<List<Due<T>>> work) {
    this.nanoClock = nanoClock;
    this.following = following;
    this.work = work;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Returns how long a user waits for a moment. Gatling cuts every wait to milliseconds, so this is
   * rounded up to one: no user acts before the moment.
   */
  public static Duration until(long atNs, long nowNs) {
    return Duration.ofMillis(Math.max(0, -Math.floorDiv(nowNs - atNs, NS_PER_MS)));
  }

  /** Adds an item; from any thread. */
  public void add(long atNs, T item) {
    enqueue(new Due<>(atNs, item));
    LockSupport.unpark(thread);
  }

  /** Returns true once the schedule was closed; work that takes long should then end. */
  public boolean isClosed() {
    return closed;
  }

  /** Ends the thread, within a bound; items that are still due are dropped. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    if (Thread.currentThread() != thread) {
      try {
        thread.join(JOIN_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    while (!closed) {
      List<Due<T>> batch = new ArrayList<>();
      long nowNs = nanoClock.getAsLong();
      Entry<T> first = queue.peek();
      while (batch.size() < BATCH_MAX && first != null && first.due().atNs() <= nowNs) {
        // What is added meanwhile may be due even earlier, so the first is not always this one.
        Due<T> next = queue.remove().due();
        batch.add(next);
        following.apply(next).ifPresent(this::enqueue);
        first = queue.peek();
      }
      if (batch.isEmpty()) {
        long waitNs = first == null ? LOOK_NS : first.due().atNs() - nowNs;
        LockSupport.parkNanos(Math.min(Math.max(1, waitNs), LOOK_NS));
      } else {
        work.accept(batch);
      }
    }
  }

  private void enqueue(Due<T> due) {
    queue.add(new Entry<>(due, numbers.getAndIncrement()));
  }
}

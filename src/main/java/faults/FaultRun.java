package faults;

import faults.FaultPlan.Strike;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A plan in progress: strikes and heals the parts on threads of its own. {@link #close} heals all
 * that is still struck, so that a run that ends early leaves no part as a fault has made it.
 * Thread-safe.
 */
public final class FaultRun implements AutoCloseable {
  /** Bound of a strike or a heal that is under way when the plan is closed. */
  private static final int CLOSE_BOUND_S = 60;

  private final List<Struck> all = new ArrayList<>();
  private final LongSupplier nanoClock;
  private final Consumer<Event> observer;
  private final ScheduledThreadPoolExecutor threads;

  /** A moment of a fault. */
  public enum Moment {
    /** The fault is about to begin. */
    STRUCK,
    /** The part is about to be healed. */
    HEALING,
    /** The part is there again. */
    HEALED,
    /** The fault or its end could not be carried out. */
    FAILED
  }

  /** A moment of a strike, in the clock's nanoseconds. */
  public record Event(Strike strike, Moment moment, long atNs, Optional<String> reason) {}

  /**
   * Prepares the faults of a plan.
   *
   * @param observer takes the events, on several threads, one at a time for each strike
   */
  public FaultRun(
      FaultPlan plan, Map<String, Part> parts, LongSupplier nanoClock, Consumer<Event> observer) {
    this.nanoClock = nanoClock;
    this.observer = observer;
    plan.strikes().forEach(each -> all.add(new Struck(each, parts.get(each.whom()))));
    threads =
        new ScheduledThreadPoolExecutor(
            parts.size(),
            work -> {
              Thread thread = Executors.defaultThreadFactory().newThread(work);
              thread.setDaemon(true);
              return thread;
            });
    // Once it is closed, close heals.
    threads.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Begins the plan: its times count from now on. */
  public void start() {
    for (Struck each : all) {
      later(each::begin, each.strike.at().toNanos());
    }
  }

  private void later(Runnable work, long delayNs) {
    var unused = threads.schedule(work, delayNs, TimeUnit.NANOSECONDS);
  }

  /**
   * Strikes nothing more, and returns when everything is healed: all parts at once, for one may
   * need another to be there again. An interruption of the caller does not keep it from that.
   */
  @Override
  public void close() {
    threads.shutdown();
    try {
      var unused = threads.awaitTermination(CLOSE_BOUND_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ExecutorService healers = Executors.newCachedThreadPool(threads.getThreadFactory());
    CompletableFuture<?>[] healed =
        all.stream()
            .map(each -> CompletableFuture.runAsync(each::end, healers))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(healed).completeOnTimeout(null, CLOSE_BOUND_S, TimeUnit.SECONDS).join();
    healers.shutdown();
  }

  private final class Struck {
    private final Strike strike;
    private final Part part;
    private boolean struck;

    private Struck(Strike strike, Part part) {
      this.strike = strike;
      this.part = part;
    }

    private synchronized void begin() {
      struck = true;
      report(Moment.STRUCK, Optional.empty());
      attempt(() -> part.strike(strike.what()));
      later(this::end, strike.length().toNanos());
    }

    private synchronized void end() {
      if (struck) {
        struck = false;
        report(Moment.HEALING, Optional.empty());
        if (attempt(() -> part.heal(strike.what()))) {
          report(Moment.HEALED, Optional.empty());
        }
      }
    }

    private boolean attempt(Attempt work) {
      try {
        work.run();
        return true;
      } catch (Exception e) {
        report(Moment.FAILED, Optional.of(String.valueOf(e.getMessage())));
        return false;
      }
    }

    private void report(Moment moment, Optional<String> reason) {
      observer.accept(new Event(strike, moment, nanoClock.getAsLong(), reason));
    }
  }

  private interface Attempt {
    void run() throws Exception;
  }
}

package kpi;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Measures how late a timer of {@value #PERIOD_MS} ms fires on each of the injector's event loops.
 * Ticks missed during a stall are caught up, each with its own lateness, so that a stall of one
 * second weighs a hundred ticks and not one.
 */
public final class GeneratorProbe implements AutoCloseable {
  /** The timer's period. */
  public static final int PERIOD_MS = 10;

  private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(PERIOD_MS);

  private final List<Future<?>> timers = new ArrayList<>();

  /**
   * Starts the timers.
   *
   * @param lag supplies the recorder of each lateness, at every tick, so that it follows the phase
   */
  public GeneratorProbe(
      Iterable<EventExecutor> loops, LongSupplier nanoClock, Supplier<Distribution> lag) {
    for (EventExecutor loop : loops) {
      AtomicLong dueNs = new AtomicLong(nanoClock.getAsLong() + PERIOD_NS);
      Runnable tick = () -> lag.get().record(nanoClock.getAsLong() - dueNs.getAndAdd(PERIOD_NS));
      timers.add(loop.scheduleAtFixedRate(tick, PERIOD_NS, PERIOD_NS, TimeUnit.NANOSECONDS));
    }
  }

  @Override
  public void close() {
    timers.forEach(timer -> timer.cancel(false));
  }
}

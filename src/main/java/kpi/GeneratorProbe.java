package kpi;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Measures how late a timer of {@value #PERIOD_MS} ms fires on each of the injector's event loops.
 * Ticks missed during a stall are caught up, each with its own lateness, so that a stall of one
 * second weighs a hundred ticks and not one. The longest stall is kept with its moment: a
 * percentile over a long run would hide it.
 */
public final class GeneratorProbe implements AutoCloseable {
  public static final int PERIOD_MS = 10;

  private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(PERIOD_MS);

  private final LongSupplier nanoClock;
  private final Supplier<Distribution> lag;
  private final AtomicReference<Stall> longest = new AtomicReference<>(Stall.NONE);
  private final List<Timer> timers = new ArrayList<>();

  /**
   * A time in which an event loop ran nothing.
   *
   * @param fromNs its start by the probe's clock
   */
  public record Stall(long fromNs, long ns) {
    static final Stall NONE = new Stall(0, 0);
  }

  /** The timer of one loop, with the due time of its next tick. */
  private record Timer(AtomicLong dueNs, Future<?> ticks) {}

  /**
   * Starts the timers.
   *
   * @param lag supplies the recorder of each lateness, at every tick, so that it follows the phase
   */
  public GeneratorProbe(
      Iterable<EventExecutor> loops, LongSupplier nanoClock, Supplier<Distribution> lag) {
    this.nanoClock = nanoClock;
    this.lag = lag;
    for (EventExecutor loop : loops) {
      AtomicLong dueNs = new AtomicLong(nanoClock.getAsLong() + PERIOD_NS);
      Runnable tick = () -> tick(dueNs);
      timers.add(
          new Timer(
              dueNs, loop.scheduleAtFixedRate(tick, PERIOD_NS, PERIOD_NS, TimeUnit.NANOSECONDS)));
    }
  }

  /** Returns the longest stall since the last {@link #reset}; thread-safe. */
  public Stall longest() {
    return longest.get();
  }

  public void reset() {
    longest.set(Stall.NONE);
  }

  /** Stops the timers; a loop that stands still at that moment is counted. */
  @Override
  public void close() {
    for (Timer timer : timers) {
      if (timer.ticks.cancel(false)) {
        stood(timer.dueNs.get(), nanoClock.getAsLong());
      }
    }
  }

  /** Takes all ticks that are due: a loop runs a timer once a turn, and a turn may be longer. */
  private void tick(AtomicLong dueNs) {
    long nowNs = nanoClock.getAsLong();
    stood(dueNs.get(), nowNs);
    while (dueNs.get() - nowNs <= 0) {
      lag.get().record(nowNs - dueNs.getAndAdd(PERIOD_NS));
    }
  }

  private void stood(long fromNs, long nowNs) {
    if (nowNs - fromNs > longest.get().ns) {
      Stall stall = new Stall(fromNs, nowNs - fromNs);
      longest.accumulateAndGet(stall, (old, now) -> now.ns > old.ns ? now : old);
    }
  }
}

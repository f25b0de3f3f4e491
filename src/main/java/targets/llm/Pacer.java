package targets.llm;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The alarm clock of one event loop. Alarms ring at whole multiples of {@value #GRAIN_NS} ns, so
 * that however many are set the loop is woken at most about a thousand times a second, and never
 * before an alarm is due. Used only on its loop's thread.
 */
final class Pacer {
  /** A millisecond: far below what a reader notices, far above the cost of a wake-up. */
  static final long GRAIN_NS = 1_000_000;

  private final EventExecutor loop;
  private final LongSupplier nanoClock;

  Pacer(EventExecutor loop, LongSupplier nanoClock) {
    this.loop = loop;
    this.nanoClock = nanoClock;
  }

  /** Returns an alarm that is not yet set; the action gets the time at which it rings. */
  Alarm alarm(LongConsumer action) {
    return new Alarm(action);
  }

  long nowNs() {
    return nanoClock.getAsLong();
  }

  final class Alarm {
    private final LongConsumer action;
    private Future<?> pending;

    private Alarm(LongConsumer action) {
      this.action = action;
    }

    /** Sets it, in place of an earlier time. */
    void set(long dueNs) {
      cancel();
      long wanted = -Math.floorDiv(-dueNs, GRAIN_NS) * GRAIN_NS;
      long delay = Math.max(0, wanted - nanoClock.getAsLong());
      pending = loop.schedule(this::ring, delay, TimeUnit.NANOSECONDS);
    }

    void cancel() {
      if (pending != null) {
        pending.cancel(false);
        pending = null;
      }
    }

    private void ring() {
      pending = null;
      action.accept(nanoClock.getAsLong());
    }
  }
}

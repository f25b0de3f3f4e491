package targets.shared;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alarm clock of one event loop. Alarms ring at ticks, whole multiples of {@value #GRAIN_NS}
 * ns, never before they are due; all alarms of one tick share one task of the loop. When they take
 * long, the loop reads its sockets in between. Used only on its loop's thread.
 */
public final class Pacer {
  /** A millisecond: far below what a reader notices, far above the cost of a wake-up. */
  public static final long GRAIN_NS = 1_000_000;

  /** After so long the loop has its turn. */
  private static final long SLICE_NS = 2_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(Pacer.class);

  private final LongObjectMap<Tick> ticks = new LongObjectHashMap<>();
  private final EventExecutor loop;
  private final LongSupplier nanoClock;

  /** The tick whose alarms took longer than a slice: later ticks wait for it. */
  private Tick underWay;

  public Pacer(EventExecutor loop, LongSupplier nanoClock) {
    this.loop = loop;
    this.nanoClock = nanoClock;
  }

  /** Returns an alarm that is not yet set; the action gets the time at which it rings. */
  public Alarm alarm(LongConsumer action) {
    return new Alarm(action);
  }

  public long nowNs() {
    return nanoClock.getAsLong();
  }

  /** The alarms of one tick, in the order in which they were set. */
  private final class Tick {
    private final Queue<Alarm> alarms = new ArrayDeque<>();
    private final long number;
    private final Future<?> wakeUp;

    Tick(long number) {
      this.number = number;
      long delayNs = Math.max(0, number * GRAIN_NS - nowNs());
      wakeUp = loop.schedule(this::ring, delayNs, TimeUnit.NANOSECONDS);
    }

    private void ring() {
      ticks.remove(number, this);
      if (underWay == null || underWay == this) {
        underWay = null; // No tick waits for one that an error has ended.
        slice();
        underWay = alarms.isEmpty() ? null : this;
      }
      if (!alarms.isEmpty()) {
        // Unlike one that is executed, a scheduled task lets the loop read its sockets first.
        var unused = loop.schedule(this::ring, 0, TimeUnit.NANOSECONDS);
      }
    }

    private void slice() {
      long now = nowNs();
      long untilNs = now + SLICE_NS;
      for (; !alarms.isEmpty() && now < untilNs; now = nowNs()) {
        Alarm alarm = alarms.remove();
        alarm.tick = null;
        try {
          alarm.action.accept(now);
        } catch (RuntimeException e) {
          LOG.error("an alarm failed; the others of its tick ring", e);
        }
      }
    }

    private void remove(Alarm alarm) {
      alarms.remove(alarm);
      if (alarms.isEmpty() && ticks.remove(number, this)) {
        wakeUp.cancel(false);
      }
    }
  }

  /** One action that rings at the time that is set last. */
  public final class Alarm {
    private final LongConsumer action;
    private Tick tick;

    private Alarm(LongConsumer action) {
      this.action = action;
    }

    /** Sets it, in place of an earlier time. */
    public void set(long dueNs) {
      cancel();
      long number = -Math.floorDiv(-dueNs, GRAIN_NS);
      tick = ticks.get(number);
      if (tick == null) {
        tick = new Tick(number);
        ticks.put(number, tick);
      }
      tick.alarms.add(this);
    }

    /** Rings it in the next turn of the loop, unless it is set. */
    public void soon() {
      if (tick == null) {
        set(nowNs() - GRAIN_NS);
      }
    }

    public void cancel() {
      if (tick != null) {
        tick.remove(this);
        tick = null;
      }
    }
  }
}

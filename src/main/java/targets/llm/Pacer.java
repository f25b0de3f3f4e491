package targets.llm;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The alarm clock of one event loop: a binary heap of alarms by due time and one pending wake-up.
 * Wake-ups fall on whole multiples of {@value #GRAIN_NS} ns, so that however many alarms are set
 * the loop is woken at most a thousand times a second, and never before an alarm is due.
 *
 * <p>Used only on its loop's thread. The heap holds one alarm for each answer under way, so its
 * bound is the bound on those.
 */
final class Pacer {
  /** A millisecond: far below what a reader notices, far above the cost of a wake-up. */
  static final long GRAIN_NS = 1_000_000;

  private final EventExecutor loop;
  private final LongSupplier nanoClock;
  private Alarm[] heap = new Alarm[16];
  private int size;
  private Future<?> wakeUp;
  private long wakeAtNs;
  private boolean ringing;

  Pacer(EventExecutor loop, LongSupplier nanoClock) {
    this.loop = loop;
    this.nanoClock = nanoClock;
  }

  /** An alarm that is not yet set. The action gets the time at which the loop woke. */
  Alarm alarm(LongConsumer action) {
    return new Alarm(action);
  }

  /** The time, on the clock by which alarms are set. */
  long nowNs() {
    return nanoClock.getAsLong();
  }

  private void ring() {
    wakeUp = null;
    ringing = true;
    try {
      long now = nanoClock.getAsLong();
      while (size > 0 && heap[0].dueNs - now <= 0) {
        Alarm alarm = heap[0];
        alarm.cancel();
        alarm.action.accept(now);
      }
    } finally {
      ringing = false;
      sleep();
    }
  }

  /** Sees to it that the wake-up is there and not too late; one that is too early is harmless. */
  private void sleep() {
    if (ringing || size == 0) {
      return;
    }
    long wanted = -Math.floorDiv(-heap[0].dueNs, GRAIN_NS) * GRAIN_NS;
    if (wakeUp != null && wakeAtNs - wanted <= 0) {
      return;
    }
    if (wakeUp != null) {
      wakeUp.cancel(false);
    }
    wakeAtNs = wanted;
    long delay = Math.max(0, wanted - nanoClock.getAsLong());
    wakeUp = loop.schedule(this::ring, delay, TimeUnit.NANOSECONDS);
  }

  private void siftUp(Alarm alarm, int from) {
    int at = from;
    while (at > 0 && alarm.dueNs - heap[(at - 1) / 2].dueNs < 0) {
      place(heap[(at - 1) / 2], at);
      at = (at - 1) / 2;
    }
    place(alarm, at);
  }

  private void siftDown(Alarm alarm, int from) {
    int at = from;
    for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1].dueNs - heap[child].dueNs < 0) {
        child++;
      }
      if (alarm.dueNs - heap[child].dueNs <= 0) {
        break;
      }
      place(heap[child], at);
      at = child;
    }
    place(alarm, at);
  }

  private void place(Alarm alarm, int at) {
    heap[at] = alarm;
    alarm.at = at;
  }

  /** One alarm, set at most once at a time. */
  final class Alarm {
    private static final int UNSET = -1;

    private final LongConsumer action;
    private long dueNs;
    private int at = UNSET;

    private Alarm(LongConsumer action) {
      this.action = action;
    }

    /** Sets it, instead of whatever it was set to. */
    void set(long newDueNs) {
      cancel();
      dueNs = newDueNs;
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      siftUp(this, size++);
      sleep();
    }

    /** Unsets it. */
    void cancel() {
      if (at == UNSET) {
        return;
      }
      Alarm last = heap[--size];
      heap[size] = null;
      if (last != this) {
        siftDown(last, at);
        siftUp(last, last.at);
      }
      at = UNSET;
    }
  }
}

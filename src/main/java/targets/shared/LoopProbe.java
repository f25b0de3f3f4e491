package targets.shared;

import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counts how often an event loop is held for more than {@value #HELD_MS} ms, by a task that is due
 * every {@value #PERIOD_MS} ms: it is late by as much as the loop is held. Delays that the garbage
 * collector or the lack of a CPU (Linux's {@code schedstat}) explains for the larger part are
 * counted apart. Each hold of more than {@value #HELD_MS} + {@value #PERIOD_MS} ms is seen, of
 * shorter ones a part: one of 15 ms in two. A shorter period would cost an idle target more CPU.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The loops' own tasks.
public final class LoopProbe implements Service.Part {
  private static final long HELD_MS = 10;
  private static final long PERIOD_MS = 10;
  private static final long NS_OF_MS = 1_000_000;
  private static final List<GarbageCollectorMXBean> COLLECTORS =
      ManagementFactory.getGarbageCollectorMXBeans();

  private final Iterable<EventExecutor> loops;
  private final LongSupplier nanoClock;
  private final LongAdder stalls;
  private final LongAdder delays;
  private final LongAccumulator maxMs = new LongAccumulator(Math::max, 0);
  private volatile boolean closed;

  public LoopProbe(Iterable<EventExecutor> loops, Counters counters, LongSupplier nanoClock) {
    this.loops = loops;
    this.nanoClock = nanoClock;
    stalls = counters.counter("loop_stalls", "Times an event loop was held for over 10 ms");
    delays = counters.counter("loop_delays", "The same, by a collection or for lack of a CPU");
    counters.gauge("loop_stall_max_ms", "Longest stall of an event loop", maxMs::get);
  }

  @Override
  public void start() {
    loops.forEach(loop -> loop.execute(() -> new Probe(loop).next()));
  }

  @Override
  public void close() {
    closed = true;
  }

  private final class Probe {
    private final EventExecutor loop;
    private final RunQueue runQueue = new RunQueue();
    private long dueNs;
    private long collectedMs;
    private long waitedNs;

    Probe(EventExecutor loop) {
      this.loop = loop;
    }

    void next() {
      if (closed) {
        runQueue.close();
        return;
      }
      collectedMs = collectedMs();
      waitedNs = runQueue.waitedNs();
      dueNs = nanoClock.getAsLong() + PERIOD_MS * NS_OF_MS;
      loop.schedule(this::look, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
      long lateNs = nanoClock.getAsLong() - dueNs;
      if (lateNs > HELD_MS * NS_OF_MS) {
        long othersNs =
            Math.max((collectedMs() - collectedMs) * NS_OF_MS, runQueue.waitedNs() - waitedNs);
        if (othersNs > lateNs / 2) {
          delays.increment();
        } else {
          stalls.increment();
          maxMs.accumulate(lateNs / NS_OF_MS);
        }
      }
      next();
    }

    private static long collectedMs() {
      long ms = 0;
      for (GarbageCollectorMXBean collector : COLLECTORS) {
        ms += Math.max(0, collector.getCollectionTime());
      }
      return ms;
    }
  }

  /** How long the thread that makes this has waited for a CPU; 0 where Linux does not report it. */
  private static final class RunQueue {
    private static final int LENGTH_MAX = 64;

    private final byte[] text = new byte[LENGTH_MAX];
    private RandomAccessFile file;

    RunQueue() {
      try {
        file = new RandomAccessFile("/proc/thread-self/schedstat", "r");
      } catch (IOException e) {
        file = null; // Not on Linux, or without scheduler statistics.
      }
    }

    /** Reads the second number of three. */
    long waitedNs() {
      if (file == null) {
        return 0;
      }
      try {
        file.seek(0);
        int length = Math.max(0, file.read(text));
        long number = 0;
        int at = 0;
        while (at < length && text[at++] != ' ') {}
        for (; at < length && text[at] != ' '; at++) {
          number = number * 10 + text[at] - '0';
        }
        return number;
      } catch (IOException e) {
        return 0;
      }
    }

    void close() {
      try {
        if (file != null) {
          file.close();
        }
      } catch (IOException e) {
        file = null; // It was only read.
      }
    }
  }
}

package targets.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The {@linkplain TroublePlan troubles} of one running target. A target starts them with what runs
 * its work, asks {@link #strike} once for each request, and closes them last:
 *
 * <pre>
 *   troubles = Troubles.start(defects.troubles(), loops.group(), nanoClock);
 *   if (troubles.strike()) { reply with an error }
 * </pre>
 *
 * <p>What was not planted costs nothing: no task is scheduled, and nothing is opened or counted.
 * Thread-safe.
 */
public final class Troubles implements AutoCloseable {
  private final TroublePlan plan;
  private final boolean countsRequests;
  private final AtomicLong requests = new AtomicLong();
  private final DescriptorLeak descriptors = new DescriptorLeak();
  private final ThreadLeak threads = new ThreadLeak();
  private final MemoryLeak memory;
  private volatile boolean closed;

  private Troubles(TroublePlan plan, LongSupplier nanoClock) {
    this.plan = plan;
    countsRequests = plan.countsRequests();
    memory = new MemoryLeak(plan.leakBytesPerS(), nanoClock);
  }

  /**
   * Starts what is planted.
   *
   * @param plan what is planted
   * @param loops what runs the target's work, each on one thread, such as a group of event loops; a
   *     target that is not made of loops gives a scheduler of its own, which it shuts down itself
   * @param nanoClock monotonic time in nanoseconds
   */
  public static Troubles start(
      TroublePlan plan,
      Iterable<? extends ScheduledExecutorService> loops,
      LongSupplier nanoClock) {
    Troubles troubles = new Troubles(plan, nanoClock);
    if (plan.slowPercent() > 0) {
      troubles.slow(loops, CpuClock.ofThisProcess());
    }
    if (plan.leakBytesPerS() > 0) {
      troubles.repeat(loops.iterator().next(), troubles.memory::grow, MemoryLeak.PERIOD_NS);
    }
    return troubles;
  }

  /**
   * To be called once for each request that is about to be answered.
   *
   * @return true if it is to be answered with an error
   */
  public boolean strike() {
    if (!countsRequests) {
      return false;
    }
    long number = requests.incrementAndGet();
    if (plan.fdEvery() > 0 && number % plan.fdEvery() == 0) {
      descriptors.leak();
    }
    if (plan.threadEvery() > 0 && number % plan.threadEvery() == 0) {
      threads.leak();
    }
    return plan.fails(number);
  }

  /** Gives everything back that was leaked, and leaks no more. Safe to call twice. */
  @Override
  public void close() {
    closed = true;
    memory.close();
    descriptors.close();
    threads.close();
  }

  private void slow(Iterable<? extends ScheduledExecutorService> loops, CpuClock cpu) {
    List<ScheduledExecutorService> all = new ArrayList<>();
    loops.forEach(all::add);
    LongAdder burntNs = new LongAdder();
    for (ScheduledExecutorService loop : all) {
      CpuBurner burner = new CpuBurner(plan.slowPercent(), all.size(), cpu, burntNs);
      repeat(loop, burner::look, CpuBurner.LOOK_NS);
    }
  }

  /** Does a step again and again; it says after how many nanoseconds. */
  private void repeat(ScheduledExecutorService loop, LongSupplier step, long delayNs) {
    var unused =
        loop.schedule(
            () -> {
              if (!closed) {
                repeat(loop, step, step.getAsLong());
              }
            },
            delayNs,
            TimeUnit.NANOSECONDS);
  }
}

package targets.defects;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import settings.BadSettings;

/**
 * The defect {@code slow}. At each look an event loop owes its share of so many per cent of the CPU
 * time that the process has used since the start, less what was burnt on purpose, and spins some of
 * it off; so the whole process takes (1 + percent) times what it would take, compiler and collector
 * included, and its work comes later. Thread-safe.
 *
 * <p>Sums since the start are compared, not differences between looks, so that the clock's steps of
 * 10 ms and looks of two loops at once cannot add up to an error. The looks themselves count as
 * burnt, waking the loop for them cannot. So they are as rare as may be: a thousand a second would
 * cost more than a quiet target uses, and a target under full load has no other wake-ups to pay.
 */
final class CpuBurner {
  /** How long a loop that owes nothing is left alone. */
  static final long LOOK_NS = 50_000_000;

  /** How long a loop may work between two pieces of what it owes. */
  static final long BREAK_NS = 1_000_000;

  /** What is burnt at once, unless the debt is so large that it would never be paid. */
  private static final long PIECE_NS = 1_000_000;

  private static final int LARGEST_PART = 8;
  private static final long WHOLE = 100_000;

  private final long share;
  private final int loops;
  private final Clock cpu;
  private final long startNs;

  /**
   * What was used never falls; it only seems so while the clock has not yet taken its next step.
   */
  private final LongAccumulator usedNs = new LongAccumulator(Math::max, 0);

  private final LongAdder burntNs = new LongAdder();

  /**
   * CPU time in nanoseconds, user and system together. On Linux the process's goes in steps of 10
   * ms, the thread's in nanoseconds.
   *
   * @param process used since the start by every thread of the JVM
   * @param thread used by the calling thread
   */
  record Clock(LongSupplier process, LongSupplier thread) {
    static Clock ofThisProcess() {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      if (threads.isCurrentThreadCpuTimeSupported()
          && threads.isThreadCpuTimeEnabled()
          && ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
        return new Clock(system::getProcessCpuTime, threads::getCurrentThreadCpuTime);
      }
      String reason = "slow needs a JVM that reports its CPU time; leave it out, or use OpenJDK";
      throw new BadSettings(List.of("--defect: " + reason));
    }
  }

  /** Burns a share, in thousandths of a per cent, that so many loops divide among them. */
  CpuBurner(long share, int loops, Clock cpu) {
    this.share = share;
    this.loops = loops;
    this.cpu = cpu;
    startNs = cpu.process.getAsLong();
  }

  /** Burns a piece of what a loop owes; returns after how many nanoseconds it is to look again. */
  long look() {
    long from = cpu.thread.getAsLong();
    usedNs.accumulate(cpu.process.getAsLong() - startNs - burntNs.sum());
    long owed = (usedNs.get() / WHOLE * share - burntNs.sum()) / loops;
    long piece = Math.max(Math.min(owed, PIECE_NS), owed / LARGEST_PART);
    long now = from;
    do {
      Thread.onSpinWait();
      long before = now;
      now = cpu.thread.getAsLong();
      // Added at once, or another loop would count it as work.
      burntNs.add(now - before);
    } while (now - from < piece);
    return owed > now - from ? BREAK_NS : LOOK_NS;
  }
}

package targets.defects;

import java.util.concurrent.atomic.LongAdder;

/**
 * The trouble {@code slow}, on one event loop. At each look the loop owes its share of so many per
 * cent of the CPU time that the process has used since the start, less what was burnt on purpose
 * and what this loop has burnt, and spins some of it off; so the whole process takes (1 + percent)
 * times what it would take, compiler and collector included, and its work comes later.
 *
 * <p>Sums since the start are compared, not differences between looks, so that the clock's steps of
 * 10 ms and looks of two loops at once cannot add up to an error. The looks themselves count as
 * burnt, waking the loop for them cannot. So they are as rare as may be: a thousand a second would
 * cost more than a quiet target uses, and a target under full load has no other wake-ups to pay.
 *
 * <p>Used by one thread; the sum is shared by all loops of a target.
 */
final class CpuBurner {
  /** How long a loop that owes nothing is left alone. */
  static final long LOOK_NS = 50_000_000;

  /** How long a loop may work between two pieces of what it owes. */
  static final long BREAK_NS = 1_000_000;

  /** What is burnt at once, unless the debt is so large that it would never be paid. */
  static final long PIECE_NS = 1_000_000;

  private static final int LARGEST_PART = 8;

  private final int percent;
  private final int loops;
  private final CpuClock cpu;
  private final LongAdder allBurntNs;
  private final long startNs;
  private long usedNs;
  private long burntNs;

  /**
   * @param percent so much more CPU time
   * @param loops how many share it
   * @param cpu reads the CPU time used
   * @param allBurntNs what all loops have burnt, this one included
   */
  CpuBurner(int percent, int loops, CpuClock cpu, LongAdder allBurntNs) {
    this.percent = percent;
    this.loops = loops;
    this.cpu = cpu;
    this.allBurntNs = allBurntNs;
    startNs = cpu.processNs();
  }

  /** Burns a piece of what is owed; returns after how many nanoseconds to look again. */
  long look() {
    long from = cpu.threadNs();
    long owed = owedNs();
    long piece = Math.max(Math.min(owed, PIECE_NS), owed / LARGEST_PART);
    long now = from;
    do {
      Thread.onSpinWait();
      long before = now;
      now = cpu.threadNs();
      // Added at once, or another loop would count it as work.
      burntNs += now - before;
      allBurntNs.add(now - before);
    } while (now - from < piece);
    return owed > now - from ? BREAK_NS : LOOK_NS;
  }

  /** Below 0 if more was burnt than is owed by now. */
  private long owedNs() {
    // What was used never falls; it only seems so while the clock has not yet taken its next step.
    usedNs = Math.max(usedNs, cpu.processNs() - startNs - allBurntNs.sum());
    return usedNs * percent / 100 / loops - burntNs;
  }
}

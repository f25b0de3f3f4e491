package targets.defects;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import settings.BadSettings;

/** Reads CPU time in nanoseconds, user and system together. */
interface CpuClock {
  /** What the process has used since it started, every thread of the JVM included. */
  long processNs();

  /** What the calling thread has used since it started. */
  long threadNs();

  /**
   * The JVM's own clocks. On Linux the process's goes in steps of 10 ms, the thread's in
   * nanoseconds.
   *
   * @throws BadSettings if this JVM does not have them
   */
  static CpuClock ofThisProcess() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    if (threads.isCurrentThreadCpuTimeSupported()
        && threads.isThreadCpuTimeEnabled()
        && ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      return new CpuClock() {
        @Override
        public long processNs() {
          return system.getProcessCpuTime();
        }

        @Override
        public long threadNs() {
          return threads.getCurrentThreadCpuTime();
        }
      };
    }
    throw new BadSettings(
        List.of(
            "--defect: slow needs a JVM that reports its CPU time; leave it out, or use OpenJDK"));
  }
}

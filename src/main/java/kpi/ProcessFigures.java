package kpi;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Figures of the running process, read from the JVM's own beans and, for the resident set, from
 * Linux's {@code /proc/self/status}. A figure that the platform does not offer is {@value
 * #UNKNOWN}. {@code /metrics} and {@code samples.ndjson} have them under these names in snake case.
 *
 * @param cpuS CPU seconds used since the process started, user and system
 * @param heapLiveBytes heap in use right after the last collection of any kind; {@value #UNKNOWN}
 *     until one has run since the first reading. Counts reachable objects, and garbage of the old
 *     generation since its last collection
 * @param directBytes direct buffers of {@code java.nio}, outside the heap. Netty takes its memory
 *     there too, unless the JVM was opened to it by {@code --add-opens} or {@code
 *     --enable-native-access}: it then allocates by itself, which only the resident set shows
 * @param gcPauseS seconds spent in collections since the start, as the collectors report them
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ProcessFigures(
    long pid,
    double uptimeS,
    double cpuS,
    long rssBytes,
    long heapBytes,
    long heapLiveBytes,
    long directBytes,
    long gcCount,
    double gcPauseS,
    int threads,
    long openFds,
    long maxFds) {
  /** Stands for a figure that this platform does not offer. */
  public static final long UNKNOWN = -1;

  private static final AtomicLong LIVE_HEAP = new AtomicLong(UNKNOWN);

  static {
    // Listens as long as the JVM lives: there is one heap, and readings never stop. Leaves out the
    // pauses of concurrent collectors, which report them apart from their cycles, and G1's marking,
    // after which the young generation is as full as before.
    GcEvents unused =
        new GcEvents(
            collector -> !collector.contains("Concurrent") && !collector.endsWith("Pauses"),
            collection -> LIVE_HEAP.set(GcEvents.heapAfter(collection)));
  }

  /** Reads the figures; costs some tens of microseconds. */
  public static ProcessFigures now() {
    long gcCount = 0;
    long gcMs = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      gcCount += Math.max(0, collector.getCollectionCount());
      gcMs += Math.max(0, collector.getCollectionTime());
    }
    double cpuS = UNKNOWN;
    long openFds = UNKNOWN;
    long maxFds = UNKNOWN;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      cpuS = unix.getProcessCpuTime() / 1e9;
      openFds = unix.getOpenFileDescriptorCount();
      maxFds = unix.getMaxFileDescriptorCount();
    }
    return new ProcessFigures(
        ProcessHandle.current().pid(),
        ManagementFactory.getRuntimeMXBean().getUptime() / 1e3,
        cpuS,
        Proc.text("self/status").flatMap(text -> Proc.bytes(text, "VmRSS")).orElse(UNKNOWN),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        LIVE_HEAP.get(),
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .findFirst()
            .orElse(UNKNOWN),
        gcCount,
        gcMs / 1e3,
        ManagementFactory.getThreadMXBean().getThreadCount(),
        openFds,
        maxFds);
  }
}

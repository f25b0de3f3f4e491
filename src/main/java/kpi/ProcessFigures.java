package kpi;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Figures of the running process, read from the JVM's own beans and, for the resident set and the
 * descriptors, from Linux's {@code /proc/self}; or of another one and its descendants. A figure
 * that the platform does not offer is {@value #UNKNOWN}. {@code /metrics} and {@code
 * samples.ndjson} have them under these names in snake case.
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

  /** The kernel counts CPU for user space in hundredths of a second on every architecture. */
  private static final double TICKS_PER_S = 100;

  private static final int UTIME = 11;
  private static final int STIME = 12;

  private static final AtomicLong LIVE_HEAP = new AtomicLong(UNKNOWN);

  static {
    // Leaves out the pauses of concurrent collectors, which report them apart from their cycles,
    // and G1's marking, after which the young generation is as full as before.
    GcEvents.listen(
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
      openFds = Proc.descriptors("self").orElseGet(unix::getOpenFileDescriptorCount);
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

  /**
   * Reads a live process and all that it started, from Linux's {@code /proc}: for programs without
   * metrics. Pages that processes share count once for each; of descriptors, those of another user
   * are unknown.
   *
   * @return the sums of what the kernel knows; empty if the process is gone, or this is not Linux
   */
  public static Optional<ProcessFigures> ofTree(long pid) {
    List<String> processes = tree(pid).map(each -> Long.toString(each.pid())).toList();
    double cpuS = 0;
    long rssBytes = 0;
    long threads = 0;
    long openFds = 0;
    for (String process : processes) {
      Optional<String> stat = Proc.text(process + "/stat");
      Optional<String> status = Proc.text(process + "/status");
      if (stat.isEmpty() || status.isEmpty()) {
        return Optional.empty();
      }
      cpuS += cpuS(stat.get());
      rssBytes += rssBytes(status.get());
      threads += Proc.number(status.get(), "Threads").orElse(0L);
      String[] fds = Path.of("/proc", process, "fd").toFile().list();
      openFds = fds == null || openFds < 0 ? UNKNOWN : openFds + fds.length;
    }
    long none = UNKNOWN;
    ProcessFigures sum =
        new ProcessFigures(
            pid, none, cpuS, rssBytes, none, none, none, none, none, (int) threads, openFds, none);
    return processes.isEmpty() ? Optional.empty() : Optional.of(sum);
  }

  static Stream<ProcessHandle> tree(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()));
  }

  /** Returns user and system seconds in a {@code /proc/<pid>/stat} line. */
  static double cpuS(String stat) {
    // The second field is the program's name in brackets and may itself hold blanks and brackets.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_S;
  }

  /** Returns the resident set in a {@code /proc/<pid>/status} text; 0 while a process ends. */
  static long rssBytes(String status) {
    return Proc.bytes(status, "VmRSS").orElse(0L);
  }
}

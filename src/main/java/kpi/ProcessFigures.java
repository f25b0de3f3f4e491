package kpi;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Figures of the running process, read from the JVM's own beans and, for the resident set, from
 * Linux's {@code /proc/self/status}. A figure that the platform does not offer is {@value
 * #UNKNOWN}.
 *
 * @param pid process id
 * @param uptimeS seconds since the JVM started
 * @param cpuS CPU seconds used since the process started, user and system
 * @param rssBytes resident set
 * @param heapBytes heap in use
 * @param heapLiveBytes heap in use right after the last collection of any kind; {@value #UNKNOWN}
 *     until one has run since the first reading
 * @param directBytes direct buffers of {@code java.nio}, outside the heap. Netty takes its memory
 *     there too, unless the JVM was opened to it by {@code --add-opens} or {@code
 *     --enable-native-access}: it then allocates by itself, which only the resident set shows
 * @param gcCount collections since the start
 * @param gcPauseS seconds spent in collections since the start, as the collectors report them
 * @param threads live threads
 * @param openFds open descriptors
 * @param maxFds the process's descriptor limit
 */
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

  private static final Path STATUS = Path.of("/proc/self/status");

  /** Listens for as long as the JVM lives: there is one heap, and readings never stop. */
  private static final LiveHeap LIVE_HEAP = new LiveHeap();

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
        residentBytes(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        LIVE_HEAP.bytes(),
        directBufferBytes(),
        gcCount,
        gcMs / 1e3,
        ManagementFactory.getThreadMXBean().getThreadCount(),
        openFds,
        maxFds);
  }

  /** Returns the figures under the names that {@code /metrics} and {@code samples.ndjson} use. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("pid", pid);
    map.put("uptime_s", uptimeS);
    map.put("cpu_s", cpuS);
    map.put("rss_bytes", rssBytes);
    map.put("heap_bytes", heapBytes);
    map.put("heap_live_bytes", heapLiveBytes);
    map.put("direct_bytes", directBytes);
    map.put("gc_count", gcCount);
    map.put("gc_pause_s", gcPauseS);
    map.put("threads", threads);
    map.put("open_fds", openFds);
    map.put("max_fds", maxFds);
    return map;
  }

  private static long directBufferBytes() {
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) {
        return pool.getMemoryUsed();
      }
    }
    return UNKNOWN;
  }

  private static long residentBytes() {
    if (!Files.isReadable(STATUS)) {
      return UNKNOWN;
    }
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      return UNKNOWN; // The figure is optional by contract; everything else still is reported.
    }
    return UNKNOWN;
  }
}

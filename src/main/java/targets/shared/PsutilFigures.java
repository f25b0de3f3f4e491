package targets.shared;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import kpi.ProcessFigures;

/**
 * Puts figures of the process before a service's counters, under the names that Python services
 * take from psutil. A figure that the platform does not offer is {@value ProcessFigures#UNKNOWN}.
 * Thread-safe.
 */
public final class PsutilFigures {
  private static final double MB = 1 << 20;

  private double lastCpuS;
  private double lastUptimeS;

  /** Returns the figures of the process, and the counters behind them. */
  public Map<String, Object> before(Map<String, Object> counters) {
    ProcessFigures process = ProcessFigures.now();
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("memory_rss_mb", megabytes(process.rssBytes()));
    page.put("memory_vms_mb", megabytes(virtualBytes()));
    page.put("num_fds", process.openFds());
    page.put("num_threads", process.threads());
    page.put("cpu_percent", cpuPercent(process));
    page.put("uptime_seconds", process.uptimeS());
    page.putAll(counters);
    page.put("process", process);
    return page;
  }

  private static long virtualBytes() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getCommittedVirtualMemorySize()
        : ProcessFigures.UNKNOWN;
  }

  private static double megabytes(long bytes) {
    return bytes < 0 ? ProcessFigures.UNKNOWN : bytes / MB;
  }

  /** Returns the CPU time since the last call, in per cent of one CPU. */
  private synchronized double cpuPercent(ProcessFigures process) {
    if (process.cpuS() < 0) {
      return ProcessFigures.UNKNOWN;
    }
    double lengthS = process.uptimeS() - lastUptimeS;
    double percent = lengthS > 0 ? 100 * (process.cpuS() - lastCpuS) / lengthS : 0;
    lastCpuS = process.cpuS();
    lastUptimeS = process.uptimeS();
    return percent;
  }
}

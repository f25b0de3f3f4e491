package kpi;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Figures of another process and its descendants, from Linux's {@code /proc}: for programs without
 * metrics.
 *
 * @param pid of the root
 * @param cpuS seconds of CPU used, user and system
 * @param rssBytes resident memory; pages that processes share count once for each of them
 * @param threads live threads
 * @param openFds open descriptors, or {@value ProcessFigures#UNKNOWN} where they cannot be read
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ProcessTree(long pid, double cpuS, long rssBytes, int threads, long openFds) {
  /** The kernel counts CPU for user space in hundredths of a second on every architecture. */
  private static final double TICKS_PER_S = 100;

  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final long BYTES_PER_KB = 1024;
  private static final Path PROC = Path.of("/proc");

  /** Reads a live process and all that it started; empty if it is gone, or this is not Linux. */
  public static Optional<ProcessTree> of(long pid) {
    List<Long> pids =
        ProcessHandle.of(pid).stream()
            .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
            .map(ProcessHandle::pid)
            .toList();
    ProcessTree sum = new ProcessTree(pid, 0, 0, 0, 0);
    for (long each : pids) {
      try {
        sum = sum.plus(PROC.resolve(Long.toString(each)));
      } catch (IOException e) {
        return Optional.empty(); // The figures are optional by contract.
      }
    }
    return pids.isEmpty() ? Optional.empty() : Optional.of(sum);
  }

  /** Returns user and system seconds in a {@code /proc/<pid>/stat} line. */
  static double cpuS(String stat) {
    // The second field is the program's name in brackets and may itself hold blanks and brackets.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_S;
  }

  /** Returns the resident set in a {@code /proc/<pid>/status} text; 0 while a process ends. */
  static long rssBytes(String status) {
    return field(status, "VmRSS:") * BYTES_PER_KB;
  }

  private ProcessTree plus(Path folder) throws IOException {
    String status = Files.readString(folder.resolve("status"));
    long fds = openFds(folder.resolve("fd"));
    return new ProcessTree(
        pid,
        cpuS + cpuS(Files.readString(folder.resolve("stat"))),
        rssBytes + rssBytes(status),
        threads + (int) field(status, "Threads:"),
        fds < 0 || openFds < 0 ? ProcessFigures.UNKNOWN : openFds + fds);
  }

  /** A process of another user does not show its descriptors. */
  private static long openFds(Path folder) {
    String[] names = folder.toFile().list();
    return names == null ? ProcessFigures.UNKNOWN : names.length;
  }

  private static long field(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}

package kpi;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Figures of another process and its descendants, from Linux's {@code /proc}: for programs without
 * metrics.
 *
 * @param rssBytes resident memory; pages that processes share count once for each of them
 * @param openFds open descriptors, or {@value ProcessFigures#UNKNOWN} where they cannot be read
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ProcessTree(long pid, double cpuS, long rssBytes, long threads, long openFds) {
  /** The kernel counts CPU for user space in hundredths of a second on every architecture. */
  private static final double TICKS_PER_S = 100;

  private static final int UTIME = 11;
  private static final int STIME = 12;

  /** Reads a live process and all that it started; empty if it is gone, or this is not Linux. */
  public static Optional<ProcessTree> of(long pid) {
    List<ProcessHandle> processes = processes(pid).toList();
    Optional<ProcessTree> sum = Optional.of(new ProcessTree(pid, 0, 0, 0, 0));
    for (ProcessHandle process : processes) {
      sum = sum.flatMap(tree -> tree.plus(Long.toString(process.pid())));
    }
    return processes.isEmpty() ? Optional.empty() : sum;
  }

  static Stream<ProcessHandle> processes(long pid) {
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

  private Optional<ProcessTree> plus(String process) {
    Optional<String> stat = Proc.text(process + "/stat");
    // A process of another user does not show its descriptors.
    String[] fds = Path.of("/proc", process, "fd").toFile().list();
    return Proc.text(process + "/status")
        .filter(status -> stat.isPresent())
        .map(
            status ->
                new ProcessTree(
                    pid,
                    cpuS + cpuS(stat.orElseThrow()),
                    rssBytes + rssBytes(status),
                    threads + Proc.number(status, "Threads").orElse(0L),
                    fds == null || openFds < 0 ? ProcessFigures.UNKNOWN : openFds + fds.length));
  }
}

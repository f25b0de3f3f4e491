package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import stack.StackFailure;

/**
 * CPU and memory of a process and its descendants, from Linux's {@code /proc}.
 *
 * @param cpuS seconds of CPU used, user and system
 * @param rssBytes resident memory; pages that processes share count once for each of them
 */
record ProcFigures(double cpuS, long rssBytes) {
  /** The kernel counts CPU for user space in hundredths of a second on every architecture. */
  private static final double TICKS_PER_S = 100;

  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final long BYTES_PER_KB = 1024;
  private static final Path PROC = Path.of("/proc");

  /**
   * Reads a living process and all that it started.
   *
   * @throws StackFailure if it is gone
   */
  static ProcFigures ofTree(long pid) {
    List<Long> pids =
        ProcessHandle.of(pid).stream()
            .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
            .map(ProcessHandle::pid)
            .toList();
    if (pids.isEmpty()) {
      throw new StackFailure("process " + pid + " ended while it was measured");
    }
    double cpuS = 0;
    long rssBytes = 0;
    for (long each : pids) {
      try {
        cpuS += cpuS(Files.readString(PROC.resolve(each + "/stat")));
        rssBytes += rssBytes(Files.readString(PROC.resolve(each + "/status")));
      } catch (IOException e) {
        throw new StackFailure(
            "cannot read /proc/" + each + ": the process ended, or this is not Linux", e);
      }
    }
    return new ProcFigures(cpuS, rssBytes);
  }

  /** User and system seconds in a {@code /proc/<pid>/stat} line. */
  static double cpuS(String stat) {
    // The second field is the program's name in brackets and may itself hold blanks and brackets.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_S;
  }

  /** The resident set in a {@code /proc/<pid>/status} text; 0 for a process that is ending. */
  static long rssBytes(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KB)
        .findFirst()
        .orElse(0);
  }
}

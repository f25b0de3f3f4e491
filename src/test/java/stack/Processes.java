package stack;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Processes behind servers, as the system sees them. */
final class Processes {
  private Processes() {}

  /** The server's own process. */
  static ProcessHandle of(Server server) {
    return ProcessHandle.of(server.pid()).orElseThrow();
  }

  /** Whether all of them end within a bound. */
  static boolean end(Duration bound, List<ProcessHandle> processes) throws InterruptedException {
    return Eventually.holds(bound, () -> processes.stream().noneMatch(ChildProcess::runs));
  }

  /** The server's own process and all that it started. */
  static List<ProcessHandle> family(Server server) {
    ProcessHandle process = of(server);
    return Stream.concat(Stream.of(process), process.descendants()).toList();
  }
}

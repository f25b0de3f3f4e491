package bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.CpuTime;
import kpi.MetricsSource;
import kpi.ProcessFigures;
import stack.Command;
import stack.StackFailure;
import stack.TargetProcess;

/** Measures the CPU of a lane's processes and of this one between two moments. */
final class Meter {
  /** The name of this process, which publishes and receives. */
  static final String BENCH = "bench";

  private static final double NS_PER_S = 1e9;
  private static final Duration COLLECTION_BOUND = Duration.ofSeconds(30);
  private static final int READS_MAX = 5;

  private final Map<String, Long> pids;
  private final Map<String, Double> beforeS;
  private final Optional<CpuTime> machine = CpuTime.now();
  private final long beginNs = System.nanoTime();

  Meter(Map<String, Long> pids) {
    this.pids = pids;
    this.beforeS = cpuS();
  }

  /**
   * CPU between two moments.
   *
   * @param othersPct share of the machine used by other programs, in per cent
   */
  record Cost(Map<String, Double> cpuS, double othersPct) {
    private static final double US_PER_S = 1e6;

    /** Returns the CPU of a process for each message, in µs; NaN for an unknown process. */
    double us(String process, long messages) {
      Double seconds = cpuS.get(process);
      return seconds == null || messages == 0 ? Double.NaN : seconds * US_PER_S / messages;
    }
  }

  Cost end() {
    Map<String, Double> used = cpuS();
    used.replaceAll((process, seconds) -> seconds - beforeS.get(process));
    double ownS = used.values().stream().mapToDouble(Double::doubleValue).sum();
    double elapsedS = (System.nanoTime() - beginNs) / NS_PER_S;
    double others =
        CpuTime.now()
            .flatMap(now -> machine.map(then -> now.othersPct(then, elapsedS, ownS)))
            .orElse(Double.NaN);
    return new Cost(used, others);
  }

  private Map<String, Double> cpuS() {
    Map<String, Double> used = new LinkedHashMap<>();
    pids.forEach((process, pid) -> used.put(process, tree(process, pid).cpuS()));
    used.put(BENCH, ProcessFigures.now().cpuS());
    return used;
  }

  static long rssBytes(String process, long pid) {
    return tree(process, pid).rssBytes();
  }

  private static ProcessFigures tree(String process, long pid) {
    return ProcessFigures.ofTree(pid)
        .orElseThrow(
            () -> new StackFailure(process + " has ended, or this is not Linux: no /proc/" + pid));
  }

  /**
   * Returns the live heap and direct buffers of a target after a full collection, in bytes.
   *
   * @throws StackFailure if this is no JDK, or the target does not answer
   */
  static long liveBytes(TargetProcess target) {
    read(target); // It observes collections from its first answer on.
    collect(target.pid());
    collect(target.pid()); // A collection is reported a moment later: the first one is by now.
    JsonNode process = read(target);
    return process.path("heap_live_bytes").asLong() + process.path("direct_bytes").asLong();
  }

  private static JsonNode read(TargetProcess target) {
    MetricsSource source = MetricsSource.at(target.name(), target.url().resolve("/metrics"));
    for (int attempt = 0; attempt < READS_MAX; attempt++) {
      JsonNode process = source.read().join().path("process");
      if (process.isObject()) {
        return process;
      }
    }
    throw new StackFailure(target.name() + " does not answer at " + target.url());
  }

  private static void collect(long pid) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      List<String> words = List.of(jcmd.toString(), Long.toString(pid), "GC.run");
      if (!Command.run(Path.of(""), COLLECTION_BOUND, words).isFine()) {
        throw new StackFailure(jcmd + " " + pid + " GC.run failed");
      }
    } catch (IOException e) {
      throw new StackFailure("cannot run " + jcmd + ": this needs a JDK, not only a JRE", e);
    }
  }
}

package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kpi.CpuTime;
import kpi.MetricsSource;
import kpi.ProcessFigures;
import stack.StackFailure;
import stack.TargetProcess;

/** Measures the CPU of a lane's processes and of this one between two moments. */
final class Meter {
  /** The name of this process, which publishes and receives. */
  static final String BENCH = "bench";

  private static final double NS_PER_S = 1e9;

  /** The first page of a process may take longer than the bound of a reading. */
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
  record Cost(double seconds, Map<String, Double> cpuS, double othersPct) {
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
    return new Cost(elapsedS, used, others);
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
   * Returns the live heap of a target after a full collection and its direct buffers, in bytes.
   *
   * @throws StackFailure if this is no JDK, or the target does not answer
   */
  static long liveBytes(TargetProcess target) {
    OptionalLong heap = target.liveHeapBytes();
    MetricsSource source = MetricsSource.at(target.name(), target.url().resolve("/metrics"));
    JsonNode direct = MissingNode.getInstance();
    for (int tries = 0; tries < READS_MAX && !direct.isNumber(); tries++) {
      direct = source.read().join().path("process").path("direct_bytes");
    }
    if (heap.isEmpty() || !direct.isNumber()) {
      throw new StackFailure(target.name() + " does not answer, or this is no JDK with jcmd");
    }
    return heap.getAsLong() + direct.asLong();
  }
}

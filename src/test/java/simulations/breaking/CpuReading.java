package simulations.breaking;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import kpi.CpuTime;
import kpi.MetricsSource;

/**
 * The CPU time of the machine and of each process up to one moment. A step is as short as the
 * interval of samples, so the line between these mixes it with the pauses around it.
 *
 * @param machine empty where the system does not report it
 * @param cpuS CPU seconds by process, of those that report them
 */
record CpuReading(long atNs, Optional<CpuTime> machine, Map<String, Double> cpuS) {
  private static final double NS_PER_S = 1e9;

  /** Begins to read, on another thread: this takes milliseconds, and an answer of each target. */
  static CompletableFuture<CpuReading> begin(List<MetricsSource> sources, LongSupplier nanoClock) {
    return CompletableFuture.supplyAsync(() -> now(sources, nanoClock));
  }

  private static CpuReading now(List<MetricsSource> sources, LongSupplier nanoClock) {
    Map<String, CompletableFuture<JsonNode>> answers = new LinkedHashMap<>();
    sources.forEach(source -> answers.put(source.process(), source.read()));
    long atNs = nanoClock.getAsLong();
    Optional<CpuTime> machine = CpuTime.now();
    Map<String, Double> cpuS = new LinkedHashMap<>();
    answers.forEach(
        (process, answer) -> {
          double seconds = answer.join().at("/process/cpu_s").asDouble(-1);
          if (seconds >= 0) {
            cpuS.put(process, seconds);
          }
        });
    return new CpuReading(atNs, machine, cpuS);
  }

  /** Returns the cores that each process used since then; those restarted are left out. */
  Map<String, Double> cores(CpuReading before) {
    Map<String, Double> cores = new LinkedHashMap<>();
    cpuS.forEach(
        (process, seconds) -> {
          double used = seconds - before.cpuS.getOrDefault(process, seconds);
          if (used > 0) {
            cores.put(process, used / secondsSince(before));
          }
        });
    return cores;
  }

  /** Returns the cores that all programs used since then; below 0 if that is not known. */
  double machineCores(CpuReading before) {
    if (machine.isEmpty() || before.machine.isEmpty()) {
      return -1;
    }
    CpuTime now = machine.get();
    return now.othersPct(before.machine.get(), secondsSince(before), 0) / 100 * now.cpus();
  }

  /** Returns the processors that the run may use, or the quota in processors. */
  double cpus() {
    return machine.map(CpuTime::cpus).orElse((double) Runtime.getRuntime().availableProcessors());
  }

  private double secondsSince(CpuReading before) {
    return (atNs - before.atNs) / NS_PER_S;
  }
}

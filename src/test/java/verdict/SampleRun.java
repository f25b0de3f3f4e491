package verdict;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kpi.Direction;
import kpi.Figure;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Machine;
import kpi.Manifest;
import kpi.Percentiles;

/** A good run of a small simulation; a test changes the one thing that it is about. */
final class SampleRun {
  static final Machine MACHINE =
      new Machine(2, "AMD EPYC", 25_276_510_208L, "Linux 6.18.44 amd64", "17.0.15 Debian");
  static final MachineClass MACHINE_CLASS = MachineClass.of(MACHINE);

  static final String COMMIT = "0123456789abcdef";
  static final ObjectMapper MAPPER = new ObjectMapper();

  /** A machine with other processors and JVM than {@link #MACHINE}. */
  static Machine machine(int cpus, String model, String jvm) {
    return new Machine(cpus, model, MACHINE.memoryBytes(), MACHINE.os(), jvm);
  }

  String simulation = "SseBattleSimulation";
  String profile = "smoke";
  String started;
  String commit = COMMIT;
  boolean dirty;
  Machine machine = MACHINE;
  List<String> slos = List.of();
  long seed = 42;
  final Map<String, String> settings = new TreeMap<>(Map.of("clients", "100", "llm.url", ""));
  final Map<String, String> defects = new TreeMap<>();
  final Map<String, Percentiles> kpis = new LinkedHashMap<>();
  final Map<String, Figure> figures = new LinkedHashMap<>();
  final List<Check> checks =
      new ArrayList<>(
          List.of(
              Check.validity("run_completed", true, "", "", "It ended."),
              Check.invariant("no_token_lost", true, "", "", "None was lost.")));

  /**
   * @param number of the run, at most 9: a later one started later
   */
  SampleRun(int number) {
    started = "2026-11-21T08:00:0" + number + "Z";
  }

  /** Sets a single figure, such as {@code llm.rss_max}. */
  SampleRun with(String name, double value) {
    figures.put(name, Figure.of(Kpi.named(name).orElseThrow(), value));
    return this;
  }

  /** Sets a distribution whose percentiles grow evenly; with few samples the high ones lack. */
  SampleRun with(Kpi kpi, long count, double p50) {
    kpis.put(
        kpi.word(),
        new Percentiles(
            kpi.unit(),
            Direction.LOWER.word(),
            kpi.definition(),
            count,
            p50 / 2,
            p50,
            p50,
            count < 100 ? null : p50 * 2,
            count < 200 ? null : p50 * 3,
            count < 1_000 ? null : p50 * 4,
            count < 10_000 ? null : p50 * 5,
            p50 * 6));
    return this;
  }

  SampleRun with(Check check) {
    checks.add(check);
    return this;
  }

  RunRecord record() {
    return new RunRecord(Path.of("runs", started), manifest(), report(), Verdict.of(checks));
  }

  KpiReport report() {
    return new KpiReport(
        KpiReport.SCHEMA, simulation, profile, kpis, figures, Map.of(), Map.of(), Map.of());
  }

  /** Writes the run folder as a run does. */
  SampleRun write(Path folder) throws IOException {
    Files.createDirectories(folder);
    MAPPER.writeValue(folder.resolve("manifest.json").toFile(), manifest());
    MAPPER.writeValue(folder.resolve("kpi.json").toFile(), report());
    MAPPER.writeValue(folder.resolve("verdict.json").toFile(), Verdict.of(checks));
    return this;
  }

  Manifest manifest() {
    Map<String, String> written = new TreeMap<>(settings);
    written.putAll(defects);
    return new Manifest(
        1,
        simulation,
        profile,
        null,
        seed,
        started,
        1,
        new Manifest.Git(commit, dirty),
        machine,
        null,
        written,
        null,
        null,
        List.of("ttft.p95 < 500 ms"),
        null,
        List.of("ttft.p99 warn threshold"),
        20,
        slos,
        null,
        null,
        null);
  }
}

package verdict;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kpi.Figure;
import kpi.JsonFile;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Machine;
import kpi.Manifest;
import kpi.Percentiles;
import kpi.SharedCounters;
import kpi.Timeline;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/** A good run of a small simulation; a test changes the one thing that it is about. */
public final class SampleRun {
  private static final Machine MACHINE =
      new Machine(2, "AMD EPYC", 25_276_510_208L, "Linux 6.18.44 amd64", "17.0.15 Debian");

  public static final String COMMIT = "0123456789abcdef";
  static final ObjectMapper MAPPER = JsonFile.MAPPER;

  public String simulation = "SseBattleSimulation";
  public String profile = "smoke";
  public String started;
  public String commit = COMMIT;
  public boolean dirty;
  Machine machine = MACHINE;
  public long seed = 42;
  public List<String> rules = List.of("ttft.p50 warn threshold fail 2.5 threshold");
  public double regressionThreshold = 20;
  public Map<String, Double> limitWords = Map.of("interval", 30.0);
  List<String> slos = List.of();
  public Manifest.Share share;
  public final Map<String, String> settings =
      new TreeMap<>(Map.of("clients", "100", "llm.url", ""));
  final List<Timeline.Span> phases = new ArrayList<>();
  final Map<String, Percentiles> kpis = new LinkedHashMap<>();
  final Map<String, Figure> figures = new LinkedHashMap<>();
  final Map<String, Long> counters = new TreeMap<>();
  final Map<String, Double> offered = new LinkedHashMap<>();
  final Map<String, Double> achieved = new LinkedHashMap<>();
  final Map<String, String> absent = new TreeMap<>();
  final Map<String, String> unchecked = new TreeMap<>();
  public final Map<String, SharedCounters> shared = new TreeMap<>();
  final List<Check> checks =
      new ArrayList<>(
          List.of(
              Check.validity("run_completed", true, "", "", "It ended."),
              Check.invariant("no_token_lost", true, "", "", "None was lost.")));

  /**
   * @param number of the run, at most 9: a later one started later
   */
  public SampleRun(int number) {
    started = "2026-11-21T08:00:0" + number + "Z";
  }

  /** Returns a run with everything that validity needs. */
  static SampleRun healthy() {
    SampleRun run = new SampleRun(1).with(Kpi.TTFT, 1_000, 5).with(Kpi.GAP, 16_200, 61);
    run.with(Kpi.START_LAG, 1_000, 2).with(Kpi.GENERATOR_LAG, 4_000, 1);
    run.with("gc_pause_max", 12).with("gc_share", 0.4).with("foreign_cpu", 2);
    run.with("foreign_wait", 0.1).with("stolen_cpu", 0);
    run.with("generator_stall", 12).with("generator_stall_at", 7);
    run.with("littles_law", 0.3).with("goodput", 100);
    run.counters.putAll(Map.of("streams_started", 100L, "streams_open_at_stop", 1L));
    run.counters.putAll(Map.of("outcome_ok", 98L, "outcome_reset", 1L, "tokens_received", 17_200L));
    run.counters.putAll(Map.of(Recorded.BEGUN, 99L, Recorded.ACTIVE, 1L));
    run.offered.putAll(Map.of("clients", 100.0, "arrivals_per_s", 10.0));
    run.achieved.putAll(Map.of("clients", 100.0, "arrivals_per_s", 10.1));
    return run;
  }

  /** Sets other processors and another JVM. */
  public SampleRun on(int cpus, String model, String jvm) {
    machine = new Machine(cpus, model, MACHINE.memoryBytes(), MACHINE.os(), jvm);
    return this;
  }

  /** Returns runs with a figure, one for each value. */
  static SampleRun[] with(String name, double... values) {
    SampleRun[] runs = new SampleRun[values.length];
    Arrays.setAll(runs, at -> new SampleRun(at + 1).with(name, values[at]));
    return runs;
  }

  /** Sets a single figure, such as {@code llm.rss_max}. */
  public SampleRun with(String name, double value) {
    figures.put(name, Figure.of(Kpi.named(name).orElseThrow(), value));
    return this;
  }

  public SampleRun with(Figure figure, String name) {
    figures.put(name, figure);
    return this;
  }

  /** Removes a single figure. */
  public SampleRun without(String name) {
    figures.remove(name);
    return this;
  }

  /** Sets a distribution whose percentiles grow evenly; with few samples the high ones lack. */
  public SampleRun with(Kpi kpi, long count, double p50) {
    kpis.put(
        kpi.word(),
        new Percentiles(
            kpi.unit(),
            kpi.direction().word(),
            kpi.definition(),
            count,
            p50 / 2,
            p50,
            p50,
            count < 100 ? null : p50 * 2,
            count < 200 ? null : p50 * 3,
            count < 1_000 ? null : p50 * 4,
            count < 10_000 ? null : p50 * 5,
            p50 * 6,
            null));
    return this;
  }

  public SampleRun counted(String counter, long count) {
    counters.put(counter, count);
    return this;
  }

  /** Sets a load that was planned, and reached. */
  public SampleRun offered(String load, double count) {
    offered.put(load, count);
    achieved.put(load, count);
    return this;
  }

  SampleRun with(Check check) {
    checks.add(check);
    return this;
  }

  public SampleRun invalid() {
    return with(Check.validity("start_lag", false, "1 s", "250 ms", "The injector was late."));
  }

  public SampleRun broken() {
    return with(Check.invariant("in_order", false, "1", "0", "A token came out of order."));
  }

  public SampleRun failed() {
    return judged("goodput", Outcome.FAIL);
  }

  public SampleRun judged(String threshold, Outcome outcome) {
    return with(new Check(threshold, Kind.THRESHOLD, outcome, "9 %", "> 99 %", "It is 9 %."));
  }

  RunRecord record() {
    return new RunRecord(Path.of("runs", started), manifest(), report(), Verdict.of(checks));
  }

  KpiReport report() {
    return new KpiReport(
        JsonFile.SCHEMA,
        simulation,
        profile,
        kpis,
        figures,
        counters,
        offered,
        achieved,
        absent,
        unchecked,
        shared);
  }

  /** Writes the run folder as a run does. */
  public Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    MAPPER.writeValue(folder.resolve("manifest.json").toFile(), manifest());
    MAPPER.writeValue(folder.resolve("kpi.json").toFile(), report());
    MAPPER.writeValue(folder.resolve("verdict.json").toFile(), Verdict.of(checks));
    return folder;
  }

  Manifest manifest() {
    return new Manifest(
        1,
        simulation,
        profile,
        "",
        seed,
        started,
        1,
        new Manifest.Git(commit, dirty),
        machine,
        "",
        settings,
        Map.of(),
        phases,
        List.of("goodput > 99 %", "ttft.p95 < interval + 5 ms"),
        limitWords,
        rules,
        regressionThreshold,
        slos,
        List.of(),
        List.of(),
        "",
        "",
        share,
        List.of());
  }
}

package gauntlet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Percentiles;
import verdict.Check;
import verdict.Verdict;

/** A run folder with the files that are judged; a test changes the one thing that it is about. */
final class SmallRun {
  static final String NAME = "SseBattleSimulation.smoke";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode manifest = JSON.createObjectNode();
  private final List<Check> checks = new ArrayList<>();
  private double ttftMs = 10;
  private double goodputPct = 100;

  SmallRun() {
    manifest.put("schema", 1).put("simulation", "SseBattleSimulation").put("profile", "smoke");
    manifest.put("started", "2026-11-21T03:00:00Z").put("seed", 42);
    manifest.putObject("git").put("commit", "899b4af2c1d0e5a7b9f3").put("dirty", false);
    manifest
        .putObject("machine")
        .put("cpus", 2)
        .put("cpu_model", "AMD EPYC")
        .put("memory_bytes", 8L << 30)
        .put("os", "Linux 6.18 amd64")
        .put("jvm", "17.0.15 Debian");
    manifest.putObject("settings").put("clients", "100").put("monitor", "2s");
    manifest.putArray("thresholds").add("goodput > 99 %").add("ttft.p95 < interval + 5 ms");
    manifest.putObject("limit_words").put("interval", 20.0);
    manifest.putArray("regression_rules").add("ttft.p50 warn threshold fail 2.5 threshold");
    manifest.put("regression_threshold", 20);
    checks.add(Check.validity("run_completed", true, "completed", "completed", "It ended."));
    checks.add(Check.invariant("no_token_lost", true, "0", "0", "No token was lost."));
  }

  SmallRun started(String time) {
    manifest.put("started", time);
    return this;
  }

  SmallRun commit(String commit) {
    ((ObjectNode) manifest.path("git")).put("commit", commit);
    return this;
  }

  SmallRun ttft(double ms) {
    ttftMs = ms;
    return this;
  }

  SmallRun goodput(double pct) {
    goodputPct = pct;
    return this;
  }

  SmallRun invalid() {
    checks.add(Check.validity("start_lag", false, "1 s", "250 ms", "The injector was late."));
    return this;
  }

  SmallRun broken() {
    checks.add(Check.invariant("in_order", false, "1", "0", "A token came out of order."));
    return this;
  }

  SmallRun failed() {
    checks.add(
        new Check(
            "goodput", Check.Kind.THRESHOLD, Check.Outcome.FAIL, "9 %", "> 99 %", "It is 9 %."));
    return this;
  }

  SmallRun manifest(Consumer<ObjectNode> change) {
    change.accept(manifest);
    return this;
  }

  /** Writes the files. */
  Path in(Path folder) throws IOException {
    Files.createDirectories(folder);
    JSON.writeValue(folder.resolve("manifest.json").toFile(), manifest);
    JSON.writeValue(folder.resolve("kpi.json").toFile(), report());
    JSON.writeValue(folder.resolve("verdict.json").toFile(), Verdict.of(checks));
    return folder;
  }

  /** Three runs of one commit, ten minutes apart, whose ttft is 10 ms, give or take a little. */
  static List<Path> three(Path folder, String commit) throws IOException {
    List<Path> runs = new ArrayList<>();
    for (int index = 0; index < 3; index++) {
      runs.add(
          new SmallRun()
              .commit(commit)
              .started("2026-11-2" + index + "T03:00:00Z")
              .ttft(10 + 0.1 * index)
              .in(folder.resolve(commit + "-" + index)));
    }
    return runs;
  }

  /** What is in a folder, by name. */
  static Map<String, String> files(Path run) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(run)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }

  private KpiReport report() {
    Map<String, Percentiles> kpis = new LinkedHashMap<>();
    kpis.put(
        "ttft",
        new Percentiles(
            "ms",
            "lower",
            Kpi.TTFT.definition(),
            500,
            ttftMs / 2,
            ttftMs,
            ttftMs,
            ttftMs * 1.5,
            ttftMs * 2,
            null,
            null,
            ttftMs * 5));
    Map<String, Figure> figures = new LinkedHashMap<>();
    figures.put("llm.rss_max", Figure.of(Kpi.RSS_MAX, 150));
    figures.put("goodput", Figure.of(Kpi.GOODPUT, goodputPct));
    return new KpiReport(
        KpiReport.SCHEMA,
        "SseBattleSimulation",
        "smoke",
        kpis,
        figures,
        Map.of("streams_started", 500L),
        Map.of("clients", 100.0),
        Map.of("clients", 100.0));
  }
}

package simulations.run;

import io.gatling.commons.util.GatlingVersion;
import io.netty.util.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import kpi.Machine;
import kpi.MetricsSource;
import kpi.Timeline;
import verdict.Rule;
import verdict.Threshold;

/** {@code manifest.json}: everything needed to say what a run was, and to run it again. */
final class Manifest {
  private static final int SCHEMA = 1;
  private static final int GIT_BOUND_S = 5;

  private Manifest() {}

  /**
   * Writes the manifest.
   *
   * @param unchecked what could not be checked, once that is known
   */
  static void write(Run run, Optional<Map<String, String>> unchecked) throws IOException {
    RunPlan plan = run.plan();
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("schema", SCHEMA);
    manifest.put("simulation", plan.simulation());
    manifest.put("profile", plan.profile());
    manifest.put("sentence", plan.sentence());
    manifest.put("seed", plan.seed());
    manifest.put("started", run.started().toString());
    manifest.put("pid", ProcessHandle.current().pid());
    manifest.put("git", git());
    manifest.put("machine", Machine.here().asMap());
    manifest.put("mode", run.processes().isManaged() ? "managed" : "external");
    manifest.put("settings", plan.settings());
    manifest.put("versions", versions());
    manifest.put("phases", phases(run.timeline()));
    manifest.put("thresholds", plan.thresholds().stream().map(Threshold::text).toList());
    manifest.put("limit_words", plan.options().words());
    manifest.put("regression_rules", plan.options().rules().stream().map(Rule::text).toList());
    manifest.put("regression_threshold", plan.options().thresholdPct());
    manifest.put("slos", plan.slos());
    manifest.put(
        "processes", run.processes().sources().stream().map(MetricsSource::process).toList());
    manifest.put("gatling_report", gatlingReport(run).orElse(null));
    List<Map<String, String>> gaps = new ArrayList<>();
    unchecked
        .orElse(Map.of())
        .forEach((name, reason) -> gaps.add(Map.of("name", name, "reason", reason)));
    manifest.put("unchecked", gaps);
    run.folder().writeJson("manifest.json", manifest);
  }

  private static List<Map<String, Object>> phases(Timeline timeline) {
    List<Map<String, Object>> phases = new ArrayList<>();
    for (Timeline.Span stretch : timeline.spans()) {
      Map<String, Object> phase = new LinkedHashMap<>();
      phase.put("name", stretch.name());
      phase.put("start_s", stretch.startS());
      phase.put("end_s", stretch.endS());
      phases.add(phase);
    }
    return phases;
  }

  private static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("gatling", GatlingVersion.ThisVersion().fullVersion());
    versions.put("netty", Version.identify().get("netty-transport").artifactVersion());
    return versions;
  }

  private static Map<String, Object> git() {
    Map<String, Object> git = new LinkedHashMap<>();
    git.put("commit", command("git", "rev-parse", "HEAD").orElse("unknown"));
    git.put("dirty", command("git", "status", "--porcelain").map(s -> !s.isEmpty()).orElse(false));
    return git;
  }

  /** The first line of a command's output; empty if there is no such command or it fails. */
  private static Optional<String> command(String... words) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(GIT_BOUND_S, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? Optional.of(output.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // No git here: the manifest then says unknown.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Gatling's folder of this run: it carries the simulation's name and the latest time. */
  private static Optional<String> gatlingReport(Run run) throws IOException {
    Path results = Path.of("target", "gatling");
    if (!Files.isDirectory(results)) {
      return Optional.empty();
    }
    String prefix = run.plan().simulation().toLowerCase(Locale.ROOT) + "-";
    try (var folders = Files.list(results)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith(prefix))
          .max(Comparator.comparing(folder -> folder.getFileName().toString()))
          .map(folder -> run.folder().path().toAbsolutePath().relativize(folder.toAbsolutePath()))
          .map(path -> path.resolve("index.html").toString());
    }
  }
}

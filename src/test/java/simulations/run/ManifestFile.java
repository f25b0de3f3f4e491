package simulations.run;

import io.gatling.commons.util.GatlingVersion;
import io.netty.util.NettyRuntime;
import io.netty.util.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kpi.JsonFile;
import kpi.Machine;
import kpi.Manifest;
import kpi.MetricsSource;
import stack.Command;
import stack.StackFailure;
import verdict.Rule;
import verdict.Threshold;

/** {@code manifest.json}: everything needed to say what a run was, and to run it again. */
final class ManifestFile {
  private static final Duration GIT_BOUND = Duration.ofSeconds(5);
  private static final long MIB = 1 << 20;
  private static final double NS_PER_MS = 1e6;

  private ManifestFile() {}

  /** Writes the manifest, with the phases so far. */
  static void write(Run run) throws IOException {
    CommonSettings common = run.common;
    Manifest manifest =
        new Manifest(
            JsonFile.SCHEMA,
            common.simulation(),
            common.profile(),
            run.settings.sentence(),
            common.seed(),
            run.started.toString(),
            ProcessHandle.current().pid(),
            new Manifest.Git(
                git("rev-parse", "HEAD").orElse("unknown"),
                git("status", "--porcelain").filter(changes -> !changes.isEmpty()).isPresent()),
            Machine.here(),
            run.processes().isManaged() ? "managed" : "external",
            settings(common.texts()),
            new TreeMap<>(
                Map.of(
                    "gatling", GatlingVersion.ThisVersion().fullVersion(),
                    "netty", Version.identify().get("netty-transport").artifactVersion())),
            run.timeline().spans(),
            common.thresholds().stream().map(Threshold::text).toList(),
            common.words(),
            common.rules().stream().map(Rule::text).toList(),
            common.choices().thresholdPct(),
            common.slos().texts(),
            common.headlines(),
            run.processes().sources().stream().map(MetricsSource::process).toList(),
            gatlingReport(run).orElse(""),
            run.live.sending(),
            shard(run),
            List.of());
    run.folder().writeJson(Manifest.FILE, manifest);
  }

  /** Returns the share of this generator; null if it is the only one. */
  private static Manifest.Share shard(Run run) {
    Shard shard = run.common.shard();
    if (!shard.isPart()) {
      return null;
    }
    Clock clock = Clock.here(run.nanoClock());
    Clock.Offset offset = run.processes().offset(clock);
    return new Manifest.Share(
        shard.index(),
        shard.count(),
        run.common.choices().startAt().orElseThrow().at().toString(),
        run.measuredFromS(),
        run.start.lateNs() / NS_PER_MS,
        clock.host(),
        offset.ns() / NS_PER_MS,
        offset.boundNs() < 0 ? null : offset.boundNs() / NS_PER_MS);
  }

  /** Returns settings with those of the injector's JVM, which shape a load too. */
  static Map<String, String> settings(Map<String, String> texts) {
    Map<String, String> all = new TreeMap<>(texts);
    all.put("injector.heap", Runtime.getRuntime().maxMemory() / MIB + "m");
    int netty =
        Integer.getInteger("io.netty.eventLoopThreads", 2 * NettyRuntime.availableProcessors());
    all.put("injector.threads", Integer.toString(netty));
    return all;
  }

  /** Returns the output of a git command; empty if there is no git or it fails. */
  private static Optional<String> git(String command, String option) {
    try {
      Command.Ended git = Command.run(Path.of(""), GIT_BOUND, List.of("git", command, option));
      return Optional.of(git).filter(Command.Ended::isFine).map(ended -> ended.output().strip());
    } catch (IOException | StackFailure e) {
      return Optional.empty(); // The manifest then says unknown.
    }
  }

  /** Gatling's folder of this run: it carries the simulation's name and the latest time. */
  private static Optional<String> gatlingReport(Run run) throws IOException {
    Path results = Path.of("target", "gatling");
    if (!Files.isDirectory(results)) {
      return Optional.empty();
    }
    String prefix = run.common.simulation().toLowerCase(Locale.ROOT) + "-";
    Path from = run.folder().path().toAbsolutePath();
    try (var folders = Files.list(results)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith(prefix))
          .max(Comparator.naturalOrder())
          .map(folder -> from.relativize(folder.toAbsolutePath()).resolve("index.html").toString());
    }
  }
}

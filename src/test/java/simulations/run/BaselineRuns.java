package simulations.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kpi.Manifest;
import kpi.UnusableFile;
import verdict.Baseline;
import verdict.Baselines;
import verdict.Check;
import verdict.RunRecord;

/**
 * Creates a baseline: runs the simulation several times, each in a JVM of its own, so that the
 * spread between them is that of later runs. An invalid run is repeated.
 */
final class BaselineRuns {
  private static final int TRIES_PER_RUN = 2;

  private final CommonSettings settings;
  private final Baselines baselines;

  BaselineRuns(CommonSettings settings) {
    this.settings = settings;
    this.baselines = settings.baselines();
  }

  /**
   * Runs, compares with the old baseline, writes the new one.
   *
   * @return the exit code of this process
   * @throws IOException if a run cannot be started or the baseline cannot be written
   */
  int make() throws IOException {
    int runs = settings.choices().runs();
    List<RunRecord> records = new ArrayList<>();
    try {
      for (int tries = 0; records.size() < runs && tries < TRIES_PER_RUN * runs; tries++) {
        Console.line("");
        Console.line("gauntlet baseline of " + runs + " runs: run " + (records.size() + 1));
        RunRecord record = run();
        if (record.verdict().verdict() == Check.Outcome.INVALID) {
          Console.error("this run is not valid and is repeated: " + record.verdict().sentence());
        } else {
          records.add(record);
        }
      }
      write(Baseline.of(records));
      return 0;
    } catch (UnusableFile e) {
      Console.error("no baseline was written. " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Console.error("no baseline was written, for its runs were interrupted.");
    }
    return 1;
  }

  private RunRecord run() throws IOException, InterruptedException, UnusableFile {
    Process process = new ProcessBuilder(command()).inheritIO().start();
    // A run that is interrupted judges itself, and stops its targets.
    Thread stop =
        new Thread(
            () -> {
              process.destroy();
              process.onExit().join();
            },
            "stop the run");
    Runtime.getRuntime().addShutdownHook(stop);
    int code = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(stop);
    Path runs =
        settings.choices().outputDir().resolve(settings.simulation() + "." + settings.profile());
    ObjectMapper mapper = new ObjectMapper();
    try (Stream<Path> folders = Files.list(Files.createDirectories(runs))) {
      for (Path folder : folders.sorted(Comparator.reverseOrder()).toList()) {
        Path manifest = folder.resolve(Manifest.FILE);
        if (Files.isRegularFile(manifest)
            && mapper.readTree(manifest.toFile()).path("pid").asLong() == process.pid()) {
          return RunRecord.read(folder);
        }
      }
    }
    throw new UnusableFile("A run ended with exit code " + code + " before it had a folder.");
  }

  /** This process's own command, without the option that creates a baseline. */
  private List<String> command() {
    RuntimeMXBean own = ManagementFactory.getRuntimeMXBean();
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(own.getInputArguments());
    command.addAll(List.of("-Dupdate-baseline=false", "-Dfail-on-regression=false"));
    command.addAll(List.of("-cp", own.getClassPath(), "io.gatling.app.Gatling"));
    command.addAll(List.of("-s", "simulations." + settings.simulation(), "-rf", "target/gatling"));
    return command;
  }

  private void write(Baseline fresh) throws IOException {
    Console.line("");
    try {
      Optional<Baseline> old = baselines.read(settings.simulation(), settings.profile());
      old.ifPresent(before -> fresh.changesSince(before).forEach(Console::line));
    } catch (UnusableFile e) {
      Console.error("the old baseline is replaced. " + e.getMessage());
    }
    Console.line("baseline of " + fresh.runs() + " runs written to " + baselines.write(fresh));
    Console.line("Commit it, so that later runs are compared with it.");
  }
}

package gauntlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import kpi.UnusableFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import verdict.Baseline;
import verdict.Baselines;
import verdict.Check;
import verdict.RunRecord;

/** {@code accept <run>...}: creates a baseline from existing run folders. */
@Command(
    name = "accept",
    description = {
      "Creates a baseline from existing run folders.",
      "At least three, of one commit, profile and class of machine, with the same settings, none of"
          + " them INVALID. Shows what changes, and replaces an older baseline only after consent."
    },
    mixinStandardHelpOptions = true)
final class AcceptCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private Main main;

  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      description = "Run folders, such as target/runs/SseBattleSimulation.heavy/*")
  private List<Path> folders;

  @Option(
      names = "--baselines-dir",
      paramLabel = "DIR",
      defaultValue = "baselines",
      description = "Folder of baselines (default: ${DEFAULT-VALUE})")
  private Path baselinesFolder;

  @Option(names = "--yes", description = "Replace an older baseline without a question")
  private boolean yes;

  @Option(names = "--dry-run", description = "Show what would change, and write nothing")
  private boolean dryRun;

  /** The existing baseline, or the reason why it cannot be used. */
  private record Old(Optional<Baseline> baseline, String fault) {}

  @Override
  public Integer call() throws UnusableFile {
    PrintWriter out = spec.commandLine().getOut();
    List<RunRecord> runs = read();
    Baseline fresh = Baseline.of(runs);
    Baselines baselines = new Baselines(baselinesFolder);
    Path file = baselines.file(fresh.simulation(), fresh.profile());
    Old old = old(baselines, fresh);
    notes(runs).forEach(out::println);
    difference(old, fresh, file).forEach(out::println);
    out.flush();
    if (dryRun) {
      out.println("Nothing was written (--dry-run).");
      return ExitCode.OK;
    }
    if (old.baseline().filter(fresh::equals).isPresent()) {
      out.println(file + " is this baseline already.");
      return ExitCode.OK;
    }
    if (Files.exists(file) && !mayReplace(file, old)) {
      return ExitCode.USAGE;
    }
    try {
      out.println("baseline of " + fresh.runs() + " runs written to " + baselines.write(fresh));
    } catch (IOException e) {
      throw Unwritable.of(file, e);
    }
    out.println("Commit it, so that later runs are compared with it.");
    out.flush();
    return ExitCode.OK;
  }

  /** Returns the runs, the newest last. */
  private List<RunRecord> read() throws UnusableFile {
    List<RunRecord> runs = new ArrayList<>();
    for (Path folder : folders) {
      runs.add(RunRecord.read(folder));
    }
    runs.sort(Comparator.comparing(RunRecord::started));
    return runs;
  }

  private static Old old(Baselines baselines, Baseline fresh) {
    try {
      return new Old(baselines.read(fresh.simulation(), fresh.profile()), "");
    } catch (UnusableFile e) {
      return new Old(Optional.empty(), e.getMessage());
    }
  }

  private static List<String> notes(List<RunRecord> runs) {
    return runs.stream()
        .filter(run -> run.verdict().verdict() != Check.Outcome.PASS)
        .map(
            run ->
                "note: "
                    + run.folder()
                    + " is "
                    + run.verdict().verdict()
                    + ": "
                    + run.verdict().sentence())
        .toList();
  }

  private static List<String> difference(Old old, Baseline fresh, Path file) {
    if (old.baseline().isPresent()) {
      return fresh.changesSince(old.baseline().get());
    }
    String first =
        String.format(
            Locale.ROOT,
            "%s: %d runs, commit %.7s, %d figures, %s",
            old.fault().isEmpty() ? file + " is new" : "the new baseline",
            fresh.runs(),
            fresh.commit(),
            fresh.kpis().size(),
            fresh.machine().words());
    return old.fault().isEmpty() ? List.of(first) : List.of(old.fault(), first);
  }

  private boolean mayReplace(Path file, Old old) {
    if (yes) {
      return true;
    }
    Optional<Boolean> agreed =
        old.fault().isEmpty() ? main.terminal().agrees("Replace " + file + "?") : Optional.empty();
    if (agreed.isPresent() && agreed.get()) {
      return true;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        file
            + " exists"
            + (old.fault().isEmpty() ? "" : ", but cannot be used,")
            + " and was not replaced"
            + (agreed.isPresent() ? "." : "; --yes replaces it."));
    err.flush();
    return false;
  }
}

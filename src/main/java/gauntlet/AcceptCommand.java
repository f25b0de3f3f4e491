package gauntlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
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
import verdict.Numbers;
import verdict.RunRecord;

/** {@code accept <run>...}: creates a baseline from existing run folders. */
@Command(
    name = "accept",
    description = {
      "Creates a baseline from existing run folders.",
      "At least three, of one commit, profile and class of machine, with the same settings, none of"
          + " them INVALID. Shows what changes, and replaces an older baseline only after consent."
    })
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

  @Override
  public Integer call() throws UnusableFile {
    PrintWriter out = spec.commandLine().getOut();
    List<RunRecord> runs = CompareCommand.read(folders);
    runs.sort(Comparator.comparing(RunRecord::started));
    Baseline fresh = Baseline.of(runs);
    Baselines baselines = new Baselines(baselinesFolder);
    Path file = baselines.file(fresh.simulation(), fresh.profile());
    Optional<Baseline> old = Optional.empty();
    String fault = "";
    try {
      old = baselines.read(fresh.simulation(), fresh.profile());
    } catch (UnusableFile e) {
      fault = e.getMessage();
    }
    CompareCommand.notes(runs).forEach(out::println);
    if (old.isPresent()) {
      fresh.changesSince(old.get()).forEach(out::println);
    } else {
      out.print(fault.isEmpty() ? "" : fault + System.lineSeparator());
      out.println(first(fresh, fault.isEmpty() ? file + " is new" : "the new baseline"));
    }
    if (dryRun) {
      out.println("Nothing was written (--dry-run).");
      return ExitCode.OK;
    }
    if (old.filter(fresh::equals).isPresent()) {
      out.println(file + " is this baseline already.");
      return ExitCode.OK;
    }
    if (Files.exists(file) && !yes && !mayReplace(file, fault.isEmpty())) {
      return ExitCode.USAGE;
    }
    try {
      out.println("baseline of " + fresh.runs() + " runs written to " + baselines.write(fresh));
    } catch (IOException e) {
      throw Main.unwritable(file, e);
    }
    out.println("Commit it, so that later runs are compared with it.");
    return ExitCode.OK;
  }

  private static String first(Baseline fresh, String name) {
    return Numbers.sentence(
        "%s: %s runs, commit %.7s, %s figures, %s",
        name, fresh.runs(), fresh.commit(), fresh.kpis().size(), fresh.machine().words());
  }

  /** A question makes no sense about a baseline that could not be shown. */
  private boolean mayReplace(Path file, boolean usable) {
    Optional<Boolean> agreed =
        usable ? main.terminal().agrees("Replace " + file + "?") : Optional.empty();
    if (agreed.isPresent() && agreed.get()) {
      return true;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        file
            + " exists"
            + (usable ? "" : ", but cannot be used,")
            + " and was not replaced"
            + (agreed.isPresent() ? "." : "; --yes replaces it."));
    return false;
  }
}

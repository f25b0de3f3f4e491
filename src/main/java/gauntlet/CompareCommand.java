package gauntlet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import kpi.UnusableFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import verdict.RunRecord;
import verdict.SideBySide;

/** {@code compare <run>... --with <run>...}: two groups of runs of one simulation. */
@Command(
    name = "compare",
    description = {
      "Compares runs of one simulation with others of it, figure by figure.",
      "Such as a target and a peer in its place, or two commits. Shows in what they differ, and"
          + " which changes are more than chance; judges nothing."
    })
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", arity = "1..*", description = "Run folders")
  private List<Path> from;

  @Option(
      names = "--with",
      paramLabel = "RUN",
      arity = "1..*",
      required = true,
      description = "Run folders that are compared with them")
  private List<Path> to;

  @Override
  public Integer call() throws UnusableFile {
    SideBySide.of(read(from), read(to)).lines().forEach(spec.commandLine().getOut()::println);
    return ExitCode.OK;
  }

  /** Reads run folders, in their order. */
  static List<RunRecord> read(List<Path> folders) throws UnusableFile {
    List<RunRecord> runs = new ArrayList<>();
    for (Path folder : folders) {
      runs.add(RunRecord.read(folder));
    }
    return runs;
  }
}

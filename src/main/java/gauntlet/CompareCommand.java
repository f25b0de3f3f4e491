package gauntlet;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import kpi.UnusableFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import verdict.Check.Outcome;
import verdict.RunRecord;
import verdict.SideBySide;

/** {@code compare <run>... --with <run>...}: two groups of runs of one simulation. */
@Command(
    name = "compare",
    customSynopsis = "gauntlet compare RUN... --with RUN...",
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
    PrintWriter out = spec.commandLine().getOut();
    List<RunRecord> runs = read(from);
    List<RunRecord> others = read(to);
    SideBySide.lines(runs, others).forEach(out::println);
    Stream.of(runs, others).flatMap(CompareCommand::notes).forEach(out::println);
    return ExitCode.OK;
  }

  /** Returns a note on each run that did not pass: its figures may be those of what it lost. */
  static Stream<String> notes(List<RunRecord> runs) {
    return runs.stream()
        .filter(run -> run.verdict().verdict() != Outcome.PASS)
        .map(
            run ->
                "note: %s is %s: %s"
                    .formatted(run.folder(), run.verdict().verdict(), run.verdict().sentence()));
  }

  static List<RunRecord> read(List<Path> folders) throws UnusableFile {
    List<RunRecord> runs = new ArrayList<>();
    for (Path folder : folders) {
      runs.add(RunRecord.read(folder));
    }
    return runs;
  }
}

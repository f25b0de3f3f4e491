package gauntlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import kpi.Kpi;
import kpi.UnusableFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import report.HistoryPage;
import verdict.History;
import verdict.HistoryEntry;
import verdict.HistorySeries;
import verdict.RunRecord;

/** {@code history add|show|page}: the figures of runs, commit by commit. */
@Command(
    name = "history",
    description = {
      "Keeps the figures of runs, commit by commit.",
      "In baselines/history.ndjson, a line a run. Without a command it shows the last runs."
    },
    subcommands = {
      HistoryCommand.AddCommand.class,
      HistoryCommand.ShowCommand.class,
      HistoryCommand.PageCommand.class
    },
    mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {
  /** On a console: a screen of runs, and one statistic of each latency. */
  private static final HistoryOptions.Defaults FEW =
      new HistoryOptions.Defaults(Set.of("p95"), Set.of(Kpi.GOODPUT), 20);

  private static final HistoryOptions.Defaults MANY =
      new HistoryOptions.Defaults(
          Set.of("p50", "p99"),
          Set.of(
              Kpi.SUCCESS_RATE, Kpi.GOODPUT, Kpi.MESSAGES_PER_S, Kpi.CPU_US_PER_EVENT, Kpi.RSS_MAX),
          200);

  @Spec private CommandSpec spec;
  @Mixin private HistoryOptions options;

  @Override
  public Integer call() throws UnusableFile {
    return show(spec, options);
  }

  private static int show(CommandSpec spec, HistoryOptions options) throws UnusableFile {
    PrintWriter out = spec.commandLine().getOut();
    for (HistorySeries.View view : options.read(FEW, spec.commandLine().getErr())) {
      HistoryTable.lines(view).forEach(out::println);
      out.println();
    }
    out.flush();
    return ExitCode.OK;
  }

  /** {@code history add}. */
  @Command(
      name = "add",
      description = {
        "Adds runs to the history; a run is never added twice.",
        "An INVALID run and one with a planted defect are refused, and then nothing is added."
      },
      mixinStandardHelpOptions = true)
  static final class AddCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
        names = "--baselines-dir",
        paramLabel = "DIR",
        defaultValue = "baselines",
        description = "Folder of history.ndjson (default: ${DEFAULT-VALUE})")
    private Path folder;

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Run folders")
    private List<Path> runs;

    @Override
    public Integer call() throws UnusableFile {
      List<HistoryEntry> entries = entries();
      History history = new History(folder);
      List<HistoryEntry> added;
      try {
        added = history.add(entries);
      } catch (IOException e) {
        throw Unwritable.of(history.file(), e);
      }
      PrintWriter out = spec.commandLine().getOut();
      for (HistoryEntry entry : entries) {
        out.println(
            String.format(
                Locale.ROOT,
                "%s  %s.%s of %s, commit %.7s, %s",
                added.contains(entry) ? "added" : "there already",
                entry.simulation(),
                entry.profile(),
                entry.time(),
                entry.commit(),
                entry.verdict()));
      }
      out.println(history.file());
      out.flush();
      HistoryOptions.report(history.read().unread(), spec.commandLine().getErr());
      return ExitCode.OK;
    }

    private List<HistoryEntry> entries() throws UnusableFile {
      List<HistoryEntry> entries = new ArrayList<>();
      List<String> refused = new ArrayList<>();
      for (Path run : runs) {
        try {
          entries.add(HistoryEntry.of(RunRecord.read(run)));
        } catch (UnusableFile e) {
          refused.add(e.getMessage());
        }
      }
      if (!refused.isEmpty()) {
        throw new UnusableFile(String.join("\n", refused) + "\nNothing was added.");
      }
      return entries;
    }
  }

  /** {@code history show}. */
  @Command(
      name = "show",
      description =
          "Shows the last runs of each simulation, profile and class of machine, each beside the"
              + " run before and the first.",
      mixinStandardHelpOptions = true)
  static final class ShowCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private HistoryOptions options;

    @Override
    public Integer call() throws UnusableFile {
      return show(spec, options);
    }
  }

  /** {@code history page}. */
  @Command(
      name = "page",
      description = "Writes the history as one HTML page with a chart for each figure.",
      mixinStandardHelpOptions = true)
  static final class PageCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private HistoryOptions options;

    @Option(
        names = "--out",
        paramLabel = "FILE",
        defaultValue = "target/history.html",
        description = "The page (default: ${DEFAULT-VALUE})")
    private Path file;

    @Override
    public Integer call() throws UnusableFile {
      List<HistorySeries.View> views = options.read(MANY, spec.commandLine().getErr());
      try {
        spec.commandLine().getOut().println(HistoryPage.write(file, views));
      } catch (IOException e) {
        throw Unwritable.of(file, e);
      }
      return ExitCode.OK;
    }
  }
}

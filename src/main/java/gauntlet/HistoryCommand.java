package gauntlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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

/** {@code history add|show|page}: what runs came to over the commits. */
@Command(
    name = "history",
    description = {
      "Keeps what runs came to, commit by commit.",
      "In baselines/history.ndjson, a line a run. Without a command it shows the last runs."
    },
    subcommands = {
      HistoryCommand.AddCommand.class,
      HistoryCommand.ShowCommand.class,
      HistoryCommand.PageCommand.class
    },
    mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {
  /** Runs that are shown if nobody says how many: a screen, and a chart. */
  private static final int LINES = 20;

  private static final int POINTS = 200;

  @Spec private CommandSpec spec;
  @Mixin private HistoryView view;

  @Override
  public Integer call() throws UnusableFile {
    return show(spec, view);
  }

  private static int show(CommandSpec spec, HistoryView view) throws UnusableFile {
    PrintWriter out = spec.commandLine().getOut();
    for (HistorySeries series : view.read(spec.commandLine().getErr())) {
      HistoryTable.lines(series, view.figures(series, HistoryFigures.FEW), view.last(LINES))
          .forEach(out::println);
      out.println();
    }
    out.flush();
    return ExitCode.OK;
  }

  /** {@code history add}. */
  @Command(
      name = "add",
      description = {
        "Adds runs to the history; one that is in it already is not added again.",
        "An INVALID run and one with a planted defect are refused, and then nothing is added."
      },
      mixinStandardHelpOptions = true)
  static final class AddCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
        names = "--baselines-dir",
        paramLabel = "DIR",
        defaultValue = "baselines",
        description = "Where history.ndjson is (default: ${DEFAULT-VALUE})")
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
      HistoryView.tell(history.read().unread(), spec.commandLine().getErr());
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
    @Mixin private HistoryView view;

    @Override
    public Integer call() throws UnusableFile {
      return show(spec, view);
    }
  }

  /** {@code history page}. */
  @Command(
      name = "page",
      description = "Writes the history as one HTML page with a chart a figure.",
      mixinStandardHelpOptions = true)
  static final class PageCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private HistoryView view;

    @Option(
        names = "--out",
        paramLabel = "FILE",
        defaultValue = "target/history.html",
        description = "The page (default: ${DEFAULT-VALUE})")
    private Path file;

    @Override
    public Integer call() throws UnusableFile {
      List<HistoryPage.Section> sections = new ArrayList<>();
      for (HistorySeries series : view.read(spec.commandLine().getErr())) {
        sections.add(
            HistorySections.of(
                series, view.figures(series, HistoryFigures.MANY), view.last(POINTS)));
      }
      try {
        spec.commandLine().getOut().println(HistoryPage.write(file, sections));
      } catch (IOException e) {
        throw Unwritable.of(file, e);
      }
      return ExitCode.OK;
    }
  }
}

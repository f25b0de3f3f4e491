package gauntlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.UnusableFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import report.HistoryPage;
import settings.Setting;
import settings.SettingsReader;
import verdict.FigureName;
import verdict.History;
import verdict.HistorySeries;
import verdict.RunRecord;

/** {@code history add|show|page}: the figures of runs, commit by commit. */
@Command(
    name = "history",
    description = {
      "Keeps the figures of runs, commit by commit.",
      "In baselines/history.ndjson, a line a run. Without a command it shows the last runs."
    })
final class HistoryCommand implements Callable<Integer> {
  private static final int UNREAD_MAX = 5;

  /** KPIs of the generator, which are shown only by name. */
  private static final Set<Kpi> OF_GENERATOR =
      Set.of(Kpi.START_LAG, Kpi.GENERATOR_LAG, Kpi.CONNECT, Kpi.ITL);

  /** On a console: a screen of runs, and one statistic of each latency. */
  private static final Predicate<FigureName> FEW = shown(Set.of("p95"), Set.of(Kpi.GOODPUT));

  private static final Predicate<FigureName> MANY =
      shown(
          Set.of("p50", "p99"),
          Set.of(
              Kpi.SUCCESS_RATE,
              Kpi.GOODPUT,
              Kpi.MESSAGES_PER_S,
              Kpi.CPU_US_PER_EVENT,
              Kpi.RSS_MAX));

  @Spec private CommandSpec spec;
  @Mixin private Selection selection;

  /** The part of the history that is shown. */
  static final class Selection {
    @Option(
        names = "--baselines-dir",
        paramLabel = "DIR",
        defaultValue = "baselines",
        description = "Folder of history.ndjson (default: ${DEFAULT-VALUE})")
    private Path folder;

    @Option(
        names = "--last",
        paramLabel = "N",
        description =
            "Number of the newest runs of each series (default: 20, on the page 200); changes since"
                + " the first run count all")
    private String last;

    @Option(
        names = "--kpi",
        paramLabel = "FIGURE",
        description = "A figure, such as ttft.p99 or llm.rss_max; repeatable")
    private List<String> kpis = List.of();

    /** Returns the number of runs that are shown; requires one, and known figures. */
    private int runs(int otherwise, List<HistorySeries> all) {
      SettingsReader reader =
          SettingsReader.of(Setting.of(Last.class), last == null ? Map.of() : Map.of("last", last));
      Set<String> known = new TreeSet<>();
      all.forEach(series -> known.addAll(series.figures()));
      Last given = reader.read(Last.class);
      String there = "'; there are " + String.join(", ", known);
      kpis.stream()
          .filter(name -> !known.contains(name))
          .forEach(name -> reader.error("kpi", "no run has '" + name + there));
      reader.finish();
      return given.last.orElse(otherwise);
    }

    private record Last(@settings.Option(in = "1..99999") Optional<Integer> last) {}
  }

  @Override
  public Integer call() throws UnusableFile {
    return show(selection);
  }

  @Command(
      name = "add",
      description = {
        "Adds runs to the history; a run is never added twice.",
        "An INVALID run and one with a planted defect are refused, and then nothing is added."
      })
  int add(
      @Option(
              names = "--baselines-dir",
              paramLabel = "DIR",
              defaultValue = "baselines",
              description = "Folder of history.ndjson (default: ${DEFAULT-VALUE})")
          Path folder,
      @Parameters(paramLabel = "RUN", arity = "1..*", description = "Run folders") List<Path> runs)
      throws UnusableFile {
    List<History.Entry> entries = entries(runs);
    History history = new History(folder);
    List<History.Entry> added;
    try {
      added = history.add(entries);
    } catch (IOException e) {
      throw Main.unwritable(history.file(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    for (History.Entry entry : entries) {
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
    read(history);
    return ExitCode.OK;
  }

  @Command(
      name = "show",
      description =
          "Shows the last runs of each simulation, profile and class of machine, each beside the"
              + " run before and the first.")
  int show(@Mixin Selection selected) throws UnusableFile {
    PrintWriter out = spec.commandLine().getOut();
    for (HistorySeries series : read(selected, FEW, 20)) {
      HistoryTable.lines(series).forEach(out::println);
      out.println();
    }
    return ExitCode.OK;
  }

  @Command(
      name = "page",
      description = "Writes the history as one HTML page with a chart for each figure.")
  int page(
      @Mixin Selection selected,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              defaultValue = "target/history.html",
              description = "The page (default: ${DEFAULT-VALUE})")
          Path file)
      throws UnusableFile {
    List<HistorySeries> all = read(selected, MANY, 200);
    try {
      spec.commandLine().getOut().println(HistoryPage.write(file, all));
    } catch (IOException e) {
      throw Main.unwritable(file, e);
    }
    return ExitCode.OK;
  }

  private static List<History.Entry> entries(List<Path> runs) throws UnusableFile {
    List<History.Entry> entries = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (Path run : runs) {
      try {
        entries.add(History.Entry.of(RunRecord.read(run)));
      } catch (UnusableFile e) {
        refused.add(e.getMessage());
      }
    }
    if (!refused.isEmpty()) {
      throw new UnusableFile(String.join("\n", refused) + "\nNothing was added.");
    }
    return entries;
  }

  private List<HistorySeries> read(Selection selected, Predicate<FigureName> shown, int runs)
      throws UnusableFile {
    History history = new History(selected.folder);
    List<History.Entry> entries = read(history);
    if (entries.isEmpty()) {
      throw new UnusableFile(
          "There is no history "
              + history.file()
              + "; 'gauntlet history add target/runs/latest' begins one.");
    }
    List<HistorySeries> all = HistorySeries.of(entries);
    int last = selected.runs(runs, all);
    return all.stream()
        .map(series -> series.showing(figures(series.figures(), selected.kpis, shown), last))
        .toList();
  }

  private static List<String> figures(
      List<String> measured, List<String> named, Predicate<FigureName> shown) {
    return named.isEmpty()
        ? measured.stream().filter(name -> shown.test(FigureName.parse(name, name))).toList()
        : named.stream().filter(measured::contains).distinct().toList();
  }

  /** The figures without an option: what users feel, and what it costs. */
  private static Predicate<FigureName> shown(Set<String> stats, Set<Kpi> figures) {
    return figure ->
        figure.stat().isEmpty()
            ? figures.contains(figure.kpi()) && !figure.name().startsWith(KpiReport.INJECTOR + ".")
            : stats.contains(figure.stat()) && !OF_GENERATOR.contains(figure.kpi());
  }

  /** Reads the history; lines that cannot be read are reported. */
  private List<History.Entry> read(History history) throws UnusableFile {
    List<String> unread = new ArrayList<>();
    List<History.Entry> entries = history.read(unread);
    PrintWriter err = spec.commandLine().getErr();
    unread.stream().limit(UNREAD_MAX).forEach(err::println);
    if (unread.size() > UNREAD_MAX) {
      err.println("And " + (unread.size() - UNREAD_MAX) + " lines more.");
    }
    return entries;
  }
}

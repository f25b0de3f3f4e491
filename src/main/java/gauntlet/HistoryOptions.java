package gauntlet;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.UnusableFile;
import picocli.CommandLine.Option;
import settings.BadSettings;
import verdict.FigureName;
import verdict.History;
import verdict.HistorySeries;

/** Options that select a part of the history. */
final class HistoryOptions {
  private static final int UNREAD_MAX = 5;

  /** KPIs of the generator, which are shown only by name. */
  private static final Set<Kpi> OF_GENERATOR =
      Set.of(Kpi.START_LAG, Kpi.GENERATOR_LAG, Kpi.CONNECT, Kpi.ITL);

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

  /**
   * The figures and the number of runs without options: what users feel, and what it costs.
   *
   * @param stats of each latency
   * @param figures that are one number
   */
  record Defaults(Set<String> stats, Set<Kpi> figures, int last) {
    private boolean has(String name) {
      FigureName figure = FigureName.named(name).orElseThrow();
      return figure.stat().isEmpty()
          ? figures.contains(figure.kpi()) && !name.startsWith(KpiReport.INJECTOR + ".")
          : stats.contains(figure.stat()) && !OF_GENERATOR.contains(figure.kpi());
    }
  }

  /**
   * Reads the history; lines that cannot be read are reported.
   *
   * @throws UnusableFile if there is none
   * @throws BadSettings with every option that cannot be used
   */
  List<HistorySeries.View> read(Defaults defaults, PrintWriter err) throws UnusableFile {
    History history = new History(folder);
    History.Content content = history.read();
    if (content.entries().isEmpty()) {
      throw new UnusableFile(
          "There is no history "
              + history.file()
              + "; 'gauntlet history add target/runs/latest' begins one.");
    }
    report(content.unread(), err);
    List<HistorySeries> all = HistorySeries.of(content.entries());
    validate(all);
    int runs = last == null ? defaults.last() : Integer.parseInt(last);
    List<HistorySeries.View> views = new ArrayList<>();
    for (HistorySeries series : all) {
      List<String> figures =
          kpis.isEmpty()
              ? series.figures().stream().filter(defaults::has).toList()
              : kpis.stream().filter(series.figures()::contains).distinct().toList();
      views.add(new HistorySeries.View(series, figures, runs));
    }
    return views;
  }

  private void validate(List<HistorySeries> all) {
    List<String> errors = new ArrayList<>();
    if (last != null && !last.matches("[1-9]\\d{0,4}")) {
      errors.add("--last: '" + last + "' is not a whole number from 1 to 99999");
    }
    Set<String> known = new TreeSet<>();
    all.forEach(series -> known.addAll(series.figures()));
    for (String name : kpis) {
      if (!known.contains(name)) {
        errors.add("--kpi: no run has '" + name + "'; there are " + String.join(", ", known));
      }
    }
    if (!errors.isEmpty()) {
      throw new BadSettings(errors);
    }
  }

  /** Prints the first lines that were left out, and the number of the others. */
  static void report(List<String> unread, PrintWriter err) {
    unread.stream().limit(UNREAD_MAX).forEach(err::println);
    if (unread.size() > UNREAD_MAX) {
      err.println("And " + (unread.size() - UNREAD_MAX) + " lines more.");
    }
    err.flush();
  }
}

package gauntlet;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import kpi.UnusableFile;
import picocli.CommandLine.Option;
import settings.BadSettings;
import verdict.History;
import verdict.HistorySeries;

/** Which part of the history is looked at. */
final class HistoryView {
  private static final int UNREAD_MAX = 5;

  @Option(
      names = "--baselines-dir",
      paramLabel = "DIR",
      defaultValue = "baselines",
      description = "Where history.ndjson is (default: ${DEFAULT-VALUE})")
  private Path folder;

  @Option(
      names = "--last",
      paramLabel = "N",
      description =
          "So many runs of each (default: 20, on the page 200); the first is the first of all")
  private String last;

  @Option(
      names = "--kpi",
      paramLabel = "FIGURE",
      description = "A figure, such as ttft.p99 or llm.rss_max; repeatable")
  private List<String> kpis = List.of();

  /**
   * The history; what of it cannot be read is told.
   *
   * @throws UnusableFile if there is none
   * @throws BadSettings with every option that cannot be used
   */
  List<HistorySeries> read(PrintWriter err) throws UnusableFile {
    History history = new History(folder);
    History.Content content = history.read();
    if (content.entries().isEmpty()) {
      throw new UnusableFile(
          "There is no history "
              + history.file()
              + "; 'gauntlet history add target/runs/latest' begins one.");
    }
    tell(content.unread(), err);
    List<HistorySeries> series = HistorySeries.of(content.entries());
    List<String> errors = new ArrayList<>();
    if (last != null && !last.matches("[1-9]\\d{0,4}")) {
      errors.add("--last: '" + last + "' is not a whole number from 1 to 99999");
    }
    Set<String> known = new TreeSet<>();
    series.forEach(one -> known.addAll(one.figures()));
    kpis.stream()
        .filter(name -> !known.contains(name))
        .forEach(
            name ->
                errors.add(
                    "--kpi: no run has '" + name + "'; there are " + String.join(", ", known)));
    if (!errors.isEmpty()) {
      throw new BadSettings(errors);
    }
    return series;
  }

  /** Tells what was left out; a file with many such lines is told by the first of them. */
  static void tell(List<String> unread, PrintWriter err) {
    unread.stream().limit(UNREAD_MAX).forEach(err::println);
    if (unread.size() > UNREAD_MAX) {
      err.println("And " + (unread.size() - UNREAD_MAX) + " lines more.");
    }
    err.flush();
  }

  /** How many runs of each are shown. */
  int last(int unasked) {
    return last == null ? unasked : Integer.parseInt(last);
  }

  /** The figures that were asked for and that the runs have, or those of the choice. */
  List<String> figures(HistorySeries series, HistoryFigures choice) {
    return kpis.isEmpty()
        ? choice.of(series.figures())
        : kpis.stream().filter(series.figures()::contains).distinct().toList();
  }
}

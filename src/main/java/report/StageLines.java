package report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kpi.KpiReport;

/** The stages of a run side by side, as lines of text for a console. */
public final class StageLines {
  private StageLines() {}

  /** Returns a head and a line for each figure; nothing for a run without stages. */
  public static List<String> of(KpiReport report) {
    StageTable table = StageTable.of(report, figure -> "");
    List<String> lines = new ArrayList<>();
    if (!table.names().isEmpty()) {
      lines.add(line("stage", "", table.names()));
      for (StageTable.Row row : table.rows()) {
        lines.add(
            line(row.name(), row.unit(), row.cells().stream().map(KpiTable.Cell::figure).toList()));
      }
    }
    return lines;
  }

  private static String line(String name, String unit, List<String> cells) {
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "  %-24s", name));
    cells.forEach(cell -> line.append(String.format(Locale.ROOT, " %11s", cell)));
    return line.append(unit.isEmpty() ? "" : " " + unit).toString();
  }
}

package report;

import java.util.List;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.Manifest.Generator;

/** The generators of a merged run side by side; empty for a run of one. */
record GeneratorTable(List<Column> columns, List<Row> rows) {
  private static final String LATE = "late";

  /** A figure; its unit is empty for counts. */
  record Column(String name, String unit) {
    private static Column of(String name) {
      return new Column(
          name,
          name.equals(LATE)
              ? "ms"
              : Kpi.named(name.replaceFirst("\\..*", "")).map(Kpi::unit).orElse(""));
    }
  }

  /** One generator, with a cell for each column. */
  record Row(int index, String verdict, List<String> cells) {}

  static GeneratorTable of(List<Generator> generators) {
    List<String> names =
        generators.stream()
            .flatMap(each -> Stream.concat(Stream.of(LATE), each.figures().keySet().stream()))
            .distinct()
            .toList();
    return new GeneratorTable(
        names.stream().map(Column::of).toList(),
        generators.stream().map(each -> row(each, names)).toList());
  }

  private static Row row(Generator of, List<String> names) {
    return new Row(
        of.share().index(),
        of.verdict(),
        names.stream()
            .map(name -> name.equals(LATE) ? (Double) of.share().lateMs() : of.figures().get(name))
            .map(value -> value == null ? Shown.NONE : Shown.plain(value))
            .toList());
  }
}

package report;

import java.util.List;
import java.util.stream.Stream;
import kpi.Manifest.Generator;

/** The generators of a merged run side by side; empty for a run of one. */
record GeneratorTable(List<String> names, List<Row> rows) {
  private static final String LATE = "late_ms";

  /** One generator, with a cell for each name. */
  record Row(int index, String verdict, String folder, List<String> cells) {}

  static GeneratorTable of(List<Generator> generators) {
    List<String> names =
        generators.stream()
            .flatMap(each -> Stream.concat(Stream.of(LATE), each.figures().keySet().stream()))
            .distinct()
            .toList();
    return new GeneratorTable(names, generators.stream().map(each -> row(each, names)).toList());
  }

  private static Row row(Generator of, List<String> names) {
    return new Row(
        of.share().index(),
        of.verdict(),
        of.folder(),
        names.stream()
            .map(name -> name.equals(LATE) ? (Double) of.share().lateMs() : of.figures().get(name))
            .map(value -> value == null ? Shown.NONE : Shown.plain(value))
            .toList());
  }
}

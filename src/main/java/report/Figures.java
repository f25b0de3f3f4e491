package report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.SocketLoss;
import kpi.Stages;
import report.KpiTable.Cell;
import report.KpiTable.Row;
import verdict.Check;
import verdict.FigureName;
import verdict.Numbers;

/**
 * Everything of kpi.json that is one number rather than a distribution.
 *
 * @param heads figures that the simulation declares as its own, for the first screen
 * @param tables all of them, folded
 */
record Figures(List<Head> heads, List<Table> tables) {
  private static final String OUTCOME = "outcome_";

  /**
   * A figure of the first screen.
   *
   * @param limit of its threshold; empty if it has none
   * @param about its definition, or what was found
   */
  record Head(String unit, String limit, String about, Cell cell) {}

  /** Figures of one kind; a table of one column has no heads. */
  record Table(String caption, List<String> heads, List<Row> rows) {}

  static Figures of(RunFiles run, ComparisonSection comparison) {
    KpiReport kpi = run.kpi();
    List<Row> singles = new ArrayList<>();
    Map<String, Map<String, Figure>> shared = new LinkedHashMap<>();
    kpi.figures()
        .forEach(
            (name, figure) -> {
              int dot = name.indexOf('.');
              String process = dot < 0 ? "" : name.substring(0, dot);
              if (run.manifest().processes().contains(process)) {
                shared
                    .computeIfAbsent(name.substring(dot + 1), unseen -> new LinkedHashMap<>())
                    .put(process, figure);
              } else if (!Stages.isOfStage(name)) {
                singles.add(row(name, figure, List.of(cell("", name, figure, comparison))));
              }
            });
    List<String> processes =
        run.manifest().processes().stream()
            .filter(process -> shared.values().stream().anyMatch(own -> own.containsKey(process)))
            .toList();
    List<Row> byProcess = new ArrayList<>();
    shared.forEach(
        (name, own) ->
            byProcess.add(
                row(
                    name,
                    own.values().iterator().next(),
                    processes.stream()
                        .map(each -> cell(each, each + "." + name, own.get(each), comparison))
                        .toList())));
    List<Table> tables =
        Stream.of(
                new Table("The run as a whole", List.of(), singles),
                new Table("Processes (a to b: 95 % interval)", processes, byProcess),
                new Table("Offered and achieved", List.of("Offered", "Achieved", "%"), rates(kpi)),
                new Table("Outcomes", List.of(), counters(kpi, name -> name.startsWith(OUTCOME))),
                new Table("Lost sockets", List.of(), losses(kpi)),
                new Table("Counters", List.of(), counters(kpi, Figures::isPlain)))
            .filter(table -> !table.rows.isEmpty())
            .toList();
    return new Figures(heads(run, comparison), tables);
  }

  private static List<Head> heads(RunFiles run, ComparisonSection comparison) {
    return run.manifest().headlines().stream()
        .flatMap(text -> FigureName.named(text).stream())
        .flatMap(name -> name.known(run.kpi()).stream())
        .map(name -> head(name, run, comparison))
        .toList();
  }

  private static Head head(FigureName name, RunFiles run, ComparisonSection comparison) {
    String unit = name.kpi().unit();
    double value = name.value(run.kpi()).orElse(Double.NaN);
    String label = name.text().replace(".p", " p");
    String limit = run.check(name.checkName()).map(Check::limit).orElse("");
    boolean worst = name.name().equals(Kpi.GOOD_SECONDS.word()) && !run.seconds().bad().isEmpty();
    String found =
        run.check(name.checkName() + "_found")
            .filter(check -> check.outcome() == Check.Outcome.PASS) // Others are listed below it.
            .map(Check::reason)
            .orElse(name.kpi().definition());
    Cell cell = comparison.cell(label, Shown.plain(value, unit), "", name.text());
    return new Head(unit, limit, worst ? run.seconds().sentence() : found, cell);
  }

  private static Row row(String name, Figure any, List<Cell> cells) {
    return new Row(name, any.unit(), Shown.better(any.direction()), any.definition(), null, cells);
  }

  private static Row row(String name, String... texts) {
    List<Cell> cells = Arrays.stream(texts).map(text -> new Cell("", text, "", "", null)).toList();
    return new Row(name, "", "", "", null, cells);
  }

  private static Cell cell(String label, String name, Figure figure, ComparisonSection comparison) {
    return figure == null
        ? new Cell(label, Shown.NONE, "", "", null)
        : comparison.cell(
            label,
            Shown.plain(figure.value(), figure.unit()),
            Shown.interval(figure.low(), figure.high(), figure.unit()),
            name);
  }

  private static List<Row> rates(KpiReport kpi) {
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, Double> plan : kpi.offered().entrySet()) {
      Double achieved = kpi.achieved().get(plan.getKey());
      boolean comparable = plan.getValue() > 0 && achieved != null;
      String share = comparable ? Numbers.percent(100 * achieved / plan.getValue()) : Shown.NONE;
      if (!Stages.isOfStage(plan.getKey())) {
        rows.add(row(plan.getKey(), Shown.plain(plan.getValue()), Shown.plain(achieved), share));
      }
    }
    return rows;
  }

  private static List<Row> losses(KpiReport kpi) {
    return Arrays.stream(SocketLoss.values())
        .filter(loss -> kpi.counter(loss.counter()) > 0)
        .map(loss -> row(loss.words(), Numbers.count(kpi.counter(loss.counter()))))
        .toList();
  }

  private static boolean isPlain(String counter) {
    return !counter.startsWith(OUTCOME)
        && !Stages.isOfStage(counter)
        && Arrays.stream(SocketLoss.values()).noneMatch(loss -> loss.counter().equals(counter));
  }

  private static List<Row> counters(KpiReport kpi, Predicate<String> shown) {
    return kpi.counters().entrySet().stream()
        .filter(counter -> shown.test(counter.getKey()))
        .map(c -> row(c.getKey().replaceFirst("^" + OUTCOME, ""), Numbers.count(c.getValue())))
        .toList();
  }
}

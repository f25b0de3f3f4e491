package report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.KpiReport;
import kpi.SocketLoss;
import kpi.Stages;
import verdict.Numbers;

/**
 * Everything of kpi.json that is one number rather than a distribution.
 *
 * @param byProcess figures that each process has
 * @param counters everything else that was counted
 */
record Figures(
    List<Card> cards,
    List<String> processes,
    List<KpiTable.Row> byProcess,
    boolean intervals,
    List<Rate> rates,
    Outcomes outcomes,
    List<Count> losses,
    List<Count> counters) {

  record Card(String unit, String better, String definition, KpiTable.Cell cell) {}

  /** Offered and achieved load, and achieved in per cent of offered. */
  record Rate(String name, String offered, String achieved, String share) {}

  record Count(String name, String count) {}

  static Figures of(RunFiles run, ComparisonSection comparison) {
    KpiReport kpi = run.kpi();
    List<Card> cards = new ArrayList<>();
    Map<String, Map<String, Figure>> rows = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    kpi.figures()
        .forEach(
            (name, figure) -> {
              int dot = name.indexOf('.');
              String process = dot < 0 ? "" : name.substring(0, dot);
              if (run.manifest().processes().contains(process)) {
                seen.add(process);
                rows.computeIfAbsent(name.substring(dot + 1), unseen -> new LinkedHashMap<>())
                    .put(process, figure);
              } else if (!Stages.isOfStage(name)) {
                cards.add(card(name, figure, comparison));
              }
            });
    List<String> processes = run.manifest().processes().stream().filter(seen::contains).toList();
    List<KpiTable.Row> byProcess = new ArrayList<>();
    rows.forEach((name, own) -> byProcess.add(row(name, own, processes, comparison)));
    return new Figures(
        cards,
        processes,
        byProcess,
        byProcess.stream()
            .flatMap(row -> row.cells().stream())
            .anyMatch(cell -> !cell.interval().isEmpty()),
        rates(kpi),
        Outcomes.of(kpi),
        losses(kpi),
        counters(kpi));
  }

  private static Card card(String name, Figure figure, ComparisonSection comparison) {
    KpiTable.Cell cell = cell(name, name, figure, comparison);
    return new Card(figure.unit(), Shown.better(figure.direction()), figure.definition(), cell);
  }

  private static KpiTable.Row row(
      String name, Map<String, Figure> own, List<String> processes, ComparisonSection comparison) {
    List<KpiTable.Cell> cells =
        processes.stream()
            .map(process -> cell(process, process + "." + name, own.get(process), comparison))
            .toList();
    Figure any = own.values().iterator().next();
    return new KpiTable.Row(
        name, any.unit(), Shown.better(any.direction()), any.definition(), null, cells);
  }

  private static KpiTable.Cell cell(
      String label, String name, Figure figure, ComparisonSection comparison) {
    return figure == null
        ? new KpiTable.Cell(label, Shown.NONE, "", "", null)
        : comparison.cell(
            label,
            Shown.plain(figure.value(), figure.unit()),
            Shown.interval(figure.low(), figure.high(), figure.unit()),
            name);
  }

  private static List<Rate> rates(KpiReport kpi) {
    return Stream.concat(kpi.offered().keySet().stream(), kpi.achieved().keySet().stream())
        .distinct()
        .map(name -> rate(name, kpi.offered().get(name), kpi.achieved().get(name)))
        .toList();
  }

  private static Rate rate(String name, Double plan, Double achieved) {
    boolean comparable = plan != null && plan > 0 && achieved != null;
    String share = comparable ? Numbers.percent(100 * achieved / plan) : Shown.NONE;
    return new Rate(name, Shown.plain(plan), Shown.plain(achieved), share);
  }

  private static List<Count> losses(KpiReport kpi) {
    return Arrays.stream(SocketLoss.values())
        .filter(loss -> kpi.counter(loss.counter()) > 0)
        .map(loss -> new Count(loss.words(), Numbers.count(kpi.counter(loss.counter()))))
        .toList();
  }

  private static List<Count> counters(KpiReport kpi) {
    Set<String> shown =
        Arrays.stream(SocketLoss.values()).map(SocketLoss::counter).collect(Collectors.toSet());
    return kpi.counters().entrySet().stream()
        .filter(counter -> !counter.getKey().startsWith(Outcomes.PREFIX))
        .filter(counter -> !shown.contains(counter.getKey()))
        .filter(counter -> !Stages.isOfStage(counter.getKey()))
        .map(counter -> new Count(counter.getKey(), Numbers.count(counter.getValue())))
        .toList();
  }

  /**
   * Ends of the streams, bids or sockets, by kind.
   *
   * @param kinds that happened, the good one first and then the most frequent
   * @param never kinds that could have happened and did not
   */
  record Outcomes(List<Kind> kinds, List<String> never) {
    private static final String PREFIX = "outcome_";
    private static final String GOOD = PREFIX + "ok";

    /** A kind of end, with its share of all that ended. */
    record Kind(String name, String count, String share, boolean bad) {}

    static Outcomes of(KpiReport kpi) {
      List<Map.Entry<String, Long>> counters =
          kpi.counters().entrySet().stream()
              .filter(counter -> counter.getKey().startsWith(PREFIX))
              .sorted(
                  Comparator.comparing(
                          (Map.Entry<String, Long> counter) -> !counter.getKey().equals(GOOD))
                      .thenComparing(counter -> -counter.getValue()))
              .toList();
      double all = counters.stream().mapToLong(Map.Entry::getValue).sum();
      List<Kind> kinds = new ArrayList<>();
      List<String> never = new ArrayList<>();
      for (Map.Entry<String, Long> counter : counters) {
        String name = counter.getKey().substring(PREFIX.length());
        long count = counter.getValue();
        if (count > 0) {
          String share = Numbers.percent(100 * count / all);
          boolean bad = !counter.getKey().equals(GOOD);
          kinds.add(new Kind(name, Numbers.count(count), share, bad));
        } else {
          never.add(name);
        }
      }
      return new Outcomes(kinds, never);
    }

    /** Returns the failures in words, such as {@code 80 reset, 7 timeout}; empty without any. */
    String failures() {
      return kinds.stream()
          .filter(Kind::bad)
          .map(kind -> kind.count() + " " + kind.name())
          .collect(Collectors.joining(", "));
    }
  }
}

package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import kpi.SocketLoss;
import kpi.Stages;
import verdict.Numbers;

/**
 * Everything of kpi.json that is one number rather than a distribution.
 *
 * @param cards figures of the run as a whole
 * @param processes heads of the table of processes
 * @param byProcess figures that each process has its own of
 * @param intervals whether some figure of a process has an interval
 * @param rates offered against achieved
 * @param outcomes how the streams, bids or sockets ended
 * @param losses how sockets were lost, by close code or status
 * @param counters everything else that was counted
 */
record Figures(
    List<Card> cards,
    List<String> processes,
    List<Row> byProcess,
    boolean intervals,
    List<Rate> rates,
    Outcomes outcomes,
    List<Loss> losses,
    List<Count> counters) {

  /** One figure with its unit and meaning. */
  record Card(String unit, String better, String definition, KpiTable.Cell cell) {}

  /** A figure of each process, in the order of the heads. */
  record Row(
      String name, String unit, String better, String definition, List<KpiTable.Cell> cells) {}

  /** What was offered and what came of it; the share is achieved of offered. */
  record Rate(String name, String offered, String achieved, String share) {}

  /** Sockets that were lost in one way. */
  record Loss(String name, String count) {}

  /** Something counted. */
  record Count(String name, String count) {}

  static Figures of(RunFolder run, Marks marks) {
    List<Card> cards = new ArrayList<>();
    Map<String, Map<String, JsonNode>> rows = new LinkedHashMap<>();
    Set<String> processes = new LinkedHashSet<>();
    run.manifest().path("processes").forEach(name -> processes.add(name.asText()));
    Set<String> seen = new LinkedHashSet<>();
    for (Map.Entry<String, JsonNode> entry : run.kpi().path("figures").properties()) {
      String name = entry.getKey();
      int dot = name.indexOf('.');
      String process = dot < 0 ? "" : name.substring(0, dot);
      if (processes.contains(process)) {
        seen.add(process);
        rows.computeIfAbsent(name.substring(dot + 1), figure -> new LinkedHashMap<>())
            .put(process, entry.getValue());
      } else if (!Stages.isOfStage(name)) {
        cards.add(card(name, entry.getValue(), marks));
      }
    }
    processes.retainAll(seen);
    List<Row> byProcess = new ArrayList<>();
    rows.forEach((name, own) -> byProcess.add(row(name, own, processes, marks)));
    return new Figures(
        cards,
        List.copyOf(processes),
        byProcess,
        byProcess.stream().flatMap(row -> row.cells().stream()).anyMatch(Figures::hasInterval),
        rates(run.kpi().path("offered"), run.kpi().path("achieved")),
        Outcomes.of(run.kpi()),
        losses(run.kpi().path("counters")),
        counters(run.kpi().path("counters")));
  }

  private static Card card(String name, JsonNode node, Marks marks) {
    return new Card(
        node.path("unit").asText(""),
        KpiTable.better(node),
        node.path("definition").asText(""),
        cell(name, name, node, marks));
  }

  private static Row row(
      String name, Map<String, JsonNode> own, Set<String> processes, Marks marks) {
    List<KpiTable.Cell> cells = new ArrayList<>();
    for (String process : processes) {
      JsonNode node = own.get(process);
      cells.add(
          node == null
              ? new KpiTable.Cell(process, JsonNumbers.NONE, "", "", null)
              : cell(process, process + "." + name, node, marks));
    }
    JsonNode any = own.values().iterator().next();
    return new Row(
        name,
        any.path("unit").asText(""),
        KpiTable.better(any),
        any.path("definition").asText(""),
        cells);
  }

  private static KpiTable.Cell cell(String label, String figure, JsonNode node, Marks marks) {
    String unit = node.path("unit").asText("");
    return new KpiTable.Cell(
        label,
        JsonNumbers.plain(node.path("value"), unit),
        JsonNumbers.interval(node, unit),
        marks.outcome(figure),
        marks.delta(figure));
  }

  private static boolean hasInterval(KpiTable.Cell cell) {
    return !cell.interval().isEmpty();
  }

  private static List<Rate> rates(JsonNode offered, JsonNode achieved) {
    Set<String> names = new LinkedHashSet<>();
    offered.fieldNames().forEachRemaining(names::add);
    achieved.fieldNames().forEachRemaining(names::add);
    List<Rate> rates = new ArrayList<>();
    for (String name : names) {
      double plan = offered.path(name).asDouble();
      boolean comparable = plan > 0 && achieved.path(name).isNumber();
      rates.add(
          new Rate(
              name,
              JsonNumbers.plain(offered.path(name)),
              JsonNumbers.plain(achieved.path(name)),
              comparable
                  ? Numbers.percent(100 * achieved.path(name).asDouble() / plan)
                  : JsonNumbers.NONE));
    }
    return rates;
  }

  private static List<Loss> losses(JsonNode counters) {
    return Arrays.stream(SocketLoss.values())
        .filter(loss -> counters.path(loss.counter()).asLong() > 0)
        .map(loss -> new Loss(loss.words(), JsonNumbers.plain(counters.path(loss.counter()))))
        .toList();
  }

  private static List<Count> counters(JsonNode counters) {
    Set<String> shown =
        Arrays.stream(SocketLoss.values()).map(SocketLoss::counter).collect(Collectors.toSet());
    List<Count> others = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : counters.properties()) {
      if (!entry.getKey().startsWith(Outcomes.PREFIX)
          && !shown.contains(entry.getKey())
          && !Stages.isOfStage(entry.getKey())) {
        others.add(new Count(entry.getKey(), JsonNumbers.plain(entry.getValue())));
      }
    }
    return others;
  }
}

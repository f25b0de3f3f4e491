package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import verdict.Numbers;

/**
 * Everything of kpi.json that is one number rather than a distribution.
 *
 * @param cards figures of the run as a whole
 * @param columns heads of the table of processes
 * @param processes figures of one process each
 * @param rates offered against achieved
 * @param outcomes how the streams, bids or sockets ended
 * @param counters everything else that was counted
 */
record Figures(
    List<Card> cards,
    List<Column> columns,
    List<ProcessRow> processes,
    List<Rate> rates,
    List<Count> outcomes,
    List<Count> counters) {
  private static final String OUTCOME = "outcome_";

  /** One figure with its unit and meaning; the outcome is that of its check, if not passed. */
  record Card(
      String name, String value, String unit, String better, String definition, String outcome) {}

  /** A column of the table of processes. */
  record Column(String name, String unit, String definition) {}

  /** A row of the table of processes. */
  record ProcessRow(String name, List<KpiTable.Cell> cells) {}

  /** What was offered and what came of it; the share is achieved of offered. */
  record Rate(String name, String offered, String achieved, String share) {}

  /** Something counted; bad if it is an outcome that nobody wants and it happened. */
  record Count(String name, String value, boolean bad) {}

  static Figures of(RunFolder run, List<Check> checks) {
    Map<String, JsonNode> shared = new LinkedHashMap<>();
    Map<String, Map<String, JsonNode>> byProcess = processes(run.manifest());
    for (Map.Entry<String, JsonNode> entry : run.kpi().path("figures").properties()) {
      int dot = entry.getKey().indexOf('.');
      Map<String, JsonNode> own = dot < 0 ? null : byProcess.get(entry.getKey().substring(0, dot));
      if (own == null) {
        shared.put(entry.getKey(), entry.getValue());
      } else {
        own.put(entry.getKey().substring(dot + 1), entry.getValue());
      }
    }
    byProcess.values().removeIf(Map::isEmpty);
    List<Card> cards = new ArrayList<>();
    shared.forEach((name, node) -> cards.add(card(name, node, checks)));
    Map<String, Column> columns = columns(byProcess);
    List<ProcessRow> processes = new ArrayList<>();
    byProcess.forEach((name, own) -> processes.add(process(name, own, columns.keySet(), checks)));
    JsonNode counters = run.kpi().path("counters");
    return new Figures(
        cards,
        List.copyOf(columns.values()),
        processes,
        rates(run.kpi().path("offered"), run.kpi().path("achieved")),
        outcomes(counters),
        counters(counters));
  }

  private static Map<String, Map<String, JsonNode>> processes(JsonNode manifest) {
    Map<String, Map<String, JsonNode>> processes = new LinkedHashMap<>();
    manifest.path("processes").forEach(name -> processes.put(name.asText(), new LinkedHashMap<>()));
    return processes;
  }

  private static Card card(String name, JsonNode node, List<Check> checks) {
    return new Card(
        name,
        value(node),
        node.path("unit").asText(""),
        KpiTable.better(node),
        node.path("definition").asText(""),
        Check.mark(checks, name));
  }

  private static Map<String, Column> columns(Map<String, Map<String, JsonNode>> byProcess) {
    Map<String, Column> columns = new LinkedHashMap<>();
    for (Map<String, JsonNode> own : byProcess.values()) {
      own.forEach(
          (name, node) ->
              columns.putIfAbsent(
                  name,
                  new Column(
                      name, node.path("unit").asText(""), node.path("definition").asText(""))));
    }
    return columns;
  }

  private static ProcessRow process(
      String name, Map<String, JsonNode> own, Set<String> columns, List<Check> checks) {
    List<KpiTable.Cell> cells = new ArrayList<>();
    for (String column : columns) {
      JsonNode node = own.get(column);
      String value = node == null ? JsonNumbers.NONE : value(node);
      cells.add(new KpiTable.Cell(column, value, Check.mark(checks, name + "." + column)));
    }
    return new ProcessRow(name, cells);
  }

  private static String value(JsonNode figure) {
    return JsonNumbers.plain(figure.path("value"), figure.path("unit").asText(""));
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

  private static List<Count> outcomes(JsonNode counters) {
    List<Count> outcomes = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : counters.properties()) {
      if (entry.getKey().startsWith(OUTCOME)) {
        String name = entry.getKey().substring(OUTCOME.length());
        boolean bad = !name.equals("ok") && entry.getValue().asDouble() > 0;
        outcomes.add(new Count(name, JsonNumbers.plain(entry.getValue()), bad));
      }
    }
    return outcomes;
  }

  private static List<Count> counters(JsonNode counters) {
    List<Count> others = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : counters.properties()) {
      if (!entry.getKey().startsWith(OUTCOME)) {
        others.add(new Count(entry.getKey(), JsonNumbers.plain(entry.getValue()), false));
      }
    }
    return others;
  }
}

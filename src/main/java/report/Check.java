package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A check of verdict.json.
 *
 * @param kind validity, invariant, threshold or baseline
 */
record Check(
    String name, String kind, Outcome outcome, String figure, String limit, String reason) {

  /** The order in which checks are told: what makes the others meaningless comes first. */
  private static final List<String> KINDS =
      List.of("validity", "invariant", "threshold", "baseline");

  private static final List<String> MEANINGS =
      List.of(
          "can the run be believed",
          "was everything delivered, once, in order",
          "is it good enough",
          "is it as good as before");

  /** The checks of one kind. */
  record Group(String kind, String meaning, String tally, List<Check> checks) {}

  static List<Check> of(JsonNode verdict) {
    List<Check> checks = new ArrayList<>();
    for (JsonNode node : verdict.path("checks")) {
      checks.add(
          new Check(
              node.path("name").asText("(unnamed)"),
              node.path("kind").asText("other"),
              Outcome.of(node.path("outcome").asText()),
              node.path("figure").asText(""),
              node.path("limit").asText(""),
              node.path("reason").asText("")));
    }
    return checks;
  }

  /** Groups by kind, in the order of meaning; kinds that are not known come last. */
  static List<Group> grouped(List<Check> checks) {
    return checks.stream()
        .map(Check::kind)
        .distinct()
        .sorted(Comparator.comparingInt(Check::rank))
        .map(kind -> group(kind, checks.stream().filter(c -> c.kind().equals(kind)).toList()))
        .toList();
  }

  /** Whether a reader has to look at this check. */
  boolean loud() {
    return outcome != Outcome.PASS;
  }

  /**
   * Whether it only says that there was nothing to compare with, and nobody asked for a comparison:
   * then the verdict does not count it, for nobody's first run could be good.
   */
  boolean open(JsonNode verdict) {
    JsonNode asked = verdict.path("fail_on_regression");
    return outcome == Outcome.INCONCLUSIVE
        && kind.equals("baseline")
        && asked.isBoolean()
        && !asked.asBoolean();
  }

  private static Group group(String kind, List<Check> checks) {
    long passed = checks.stream().filter(c -> !c.loud()).count();
    String meaning = KINDS.contains(kind) ? MEANINGS.get(KINDS.indexOf(kind)) : "";
    List<Check> loudFirst =
        checks.stream().sorted(Comparator.comparing(check -> !check.loud())).toList();
    return new Group(kind, meaning, passed + " of " + checks.size() + " passed", loudFirst);
  }

  private static int rank(String kind) {
    int rank = KINDS.indexOf(kind);
    return rank < 0 ? KINDS.size() : rank;
  }
}

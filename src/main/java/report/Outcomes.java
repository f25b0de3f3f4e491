package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import verdict.Numbers;

/**
 * How the streams, bids or sockets ended, by kind.
 *
 * @param kinds that happened, the good one first and then the most frequent
 * @param never kinds that could have happened and did not
 */
record Outcomes(List<Kind> kinds, List<String> never) {
  /** Begins the names of these counters. */
  static final String PREFIX = "outcome_";

  private static final String GOOD = "ok";

  /**
   * A kind of end.
   *
   * @param share of all that ended, in per cent
   * @param bad whether it is one that nobody wants
   */
  record Kind(String name, String count, String share, boolean bad) {}

  static Outcomes of(JsonNode kpi) {
    List<Map.Entry<String, JsonNode>> counters =
        kpi.path("counters").properties().stream()
            .filter(counter -> counter.getKey().startsWith(PREFIX))
            .toList();
    double all = counters.stream().mapToDouble(counter -> count(counter.getValue())).sum();
    List<Kind> kinds = new ArrayList<>();
    List<String> never = new ArrayList<>();
    counters.stream()
        .sorted(
            Comparator.comparing((Map.Entry<String, JsonNode> counter) -> !good(name(counter)))
                .thenComparing(counter -> -count(counter.getValue())))
        .forEach(
            counter -> {
              double count = count(counter.getValue());
              String name = name(counter);
              if (count > 0) {
                String share = Numbers.percent(100 * count / all);
                kinds.add(new Kind(name, Numbers.plain(count), share, !good(name)));
              } else {
                never.add(name);
              }
            });
    return new Outcomes(kinds, never);
  }

  /** The bad ends in words, such as {@code 80 reset, 7 timeout}; empty if there was none. */
  String failures() {
    return kinds.stream()
        .filter(Kind::bad)
        .map(kind -> kind.count() + " " + kind.name())
        .collect(Collectors.joining(", "));
  }

  private static boolean good(String name) {
    return name.equals(GOOD);
  }

  private static String name(Map.Entry<String, JsonNode> counter) {
    return counter.getKey().substring(PREFIX.length());
  }

  private static double count(JsonNode counter) {
    return JsonNumbers.finite(counter) ? counter.asDouble() : 0;
  }
}

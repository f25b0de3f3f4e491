package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The limits of a latency among a run's thresholds, such as {@code ttft.p99 < 500 ms}. */
final class Limit {
  private static final Pattern LATENCY =
      Pattern.compile(
          "(?<kpi>\\w+)\\.(?<at>p\\d+|max)\\s*<=?\\s*(?<ms>[\\d,]{1,12}(\\.\\d+)?)\\s*ms");

  private Limit() {}

  /** The limits of that KPI; thresholds of other forms have no level to draw and are left out. */
  static List<Chart.Mark> of(String kpi, JsonNode thresholds) {
    List<Chart.Mark> marks = new ArrayList<>();
    for (JsonNode threshold : thresholds) {
      Matcher matcher = LATENCY.matcher(threshold.asText());
      if (matcher.matches() && matcher.group("kpi").equals(kpi)) {
        double ms = Double.parseDouble(matcher.group("ms").replace(",", ""));
        marks.add(new Chart.Mark(matcher.group("at") + " limit", ms));
      }
    }
    return marks;
  }
}

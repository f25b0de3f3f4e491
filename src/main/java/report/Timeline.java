package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The samples of a run along its phases.
 *
 * @param seconds when each sample was taken, from the start of the run
 */
record Timeline(List<JsonNode> samples, List<Double> seconds, List<Chart.Phase> phases) {
  private static final String WARM_UP = "warm-up";
  private static final String HOLD = "hold";

  /** A value and the second in which it was seen. */
  record Peak(double value, double second) {}

  static Timeline of(RunFolder run) {
    List<Chart.Phase> phases = new ArrayList<>();
    for (JsonNode node : run.manifest().path("phases")) {
      String name = node.path("name").asText("");
      double start = node.path("start_s").asDouble();
      phases.add(
          new Chart.Phase(name, start, node.path("end_s").asDouble(start), name.equals(WARM_UP)));
    }
    List<Double> seconds = run.samples().stream().map(s -> s.path("t").asDouble()).toList();
    return new Timeline(run.samples(), seconds, phases);
  }

  /** One value a sample; null where the sample has no number. */
  List<Double> values(Function<JsonNode, JsonNode> read) {
    List<Double> values = new ArrayList<>();
    for (JsonNode sample : samples) {
      JsonNode value = read.apply(sample);
      values.add(value.isNumber() ? Double.valueOf(value.asDouble()) : null);
    }
    return values;
  }

  /** A line of those values; none if there is not a single one. */
  List<Chart.Series> series(String name, String role, List<Double> values) {
    boolean empty = values.stream().allMatch(value -> value == null);
    return empty ? List.of() : List.of(new Chart.Series(name, role, seconds, values));
  }

  /** Whether that sample was taken while the full load was held. */
  boolean held(int index) {
    return samples.get(index).path("phase").asText("").equals(HOLD);
  }

  /** The largest value after the warm-up, or null if there is none. */
  Peak peak(List<Double> values) {
    Peak peak = null;
    for (int i = 0; i < values.size(); i++) {
      Double value = values.get(i);
      if (value != null && !cut(i) && (peak == null || value > peak.value())) {
        peak = new Peak(value, seconds.get(i));
      }
    }
    return peak;
  }

  /** The median after the warm-up; only asked where there is a peak. */
  double median(List<Double> values) {
    List<Double> measured = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != null && !cut(i)) {
        measured.add(values.get(i));
      }
    }
    measured.sort(null);
    return measured.isEmpty() ? 0 : measured.get((measured.size() - 1) / 2);
  }

  private boolean cut(int index) {
    return samples.get(index).path("phase").asText("").equals(WARM_UP);
  }
}

package report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kpi.Seconds;
import verdict.Numbers;

/**
 * The samples of a run, one a second.
 *
 * @param seconds when each sample was taken, from the start of the run
 */
record Samples(List<JsonNode> lines, List<Double> seconds, List<String> processes) {
  static final String WARM_UP = "warm-up";
  private static final String HOLD = "hold";
  private static final String PROCESSES = "processes";

  /** Median and largest value of a line, and the second in which that was measured. */
  record Typical(double median, double peak, double second) {}

  static Samples of(List<JsonNode> lines, List<String> known) {
    Set<String> processes = new LinkedHashSet<>(known);
    lines.forEach(line -> line.path(PROCESSES).fieldNames().forEachRemaining(processes::add));
    List<Double> seconds = lines.stream().map(line -> line.path("t").asDouble()).toList();
    return new Samples(lines, seconds, List.copyOf(processes));
  }

  Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    lines.forEach(line -> line.fieldNames().forEachRemaining(keys::add));
    return keys;
  }

  /** Returns one value a sample; null where the sample has no number. */
  List<Double> values(String key) {
    return values(line -> line.path(key));
  }

  private List<Double> values(Function<JsonNode, JsonNode> field) {
    return lines.stream()
        .map(field)
        .map(value -> value.isNumber() ? Double.valueOf(value.asDouble()) : null)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** Returns a line of values; none if there is not a single value. */
  List<Chart.Series> series(String name, String role, List<Double> values) {
    boolean empty = values.stream().allMatch(Objects::isNull);
    return empty ? List.of() : List.of(new Chart.Series(name, role, seconds, values));
  }

  /** Returns a line for each process that has the first figure; the others are added if known. */
  List<Chart.Series> byProcess(double divisor, String... keys) {
    List<Chart.Series> all = new ArrayList<>();
    for (String process : processes) {
      List<Double> values = values(line -> sum(line.path(PROCESSES).path(process), divisor, keys));
      all.addAll(series(process, "plain", values));
    }
    return all;
  }

  /** Returns the sum of figures; unknown ones are negative by the samples' convention. */
  private static JsonNode sum(JsonNode process, double divisor, String... keys) {
    double sum =
        Arrays.stream(keys).mapToDouble(k -> Math.max(0, process.path(k).asDouble())).sum();
    boolean known = process.path(keys[0]).asDouble(-1) >= 0;
    return known ? DoubleNode.valueOf(sum / divisor) : MissingNode.getInstance();
  }

  /** Returns the gaps of each process in sentences; empty without any. */
  String gaps() {
    StringBuilder gaps = new StringBuilder();
    for (String process : processes) {
      long count = lines.stream().filter(s -> s.path(PROCESSES).path(process).isNull()).count();
      if (count > 0) {
        gaps.append(" " + process + " did not answer for " + Numbers.count(count) + " s.");
      }
    }
    return gaps.toString();
  }

  /**
   * Returns what stands out at some time: each second that was not good (as cut, for its figures
   * deserve a mark), long collections, and processes that did not answer.
   */
  List<Chart.Phase> events(Seconds.Judged judged) {
    List<Chart.Phase> events = new ArrayList<>();
    for (Seconds.Bad bad : judged.bad()) {
      events.add(new Chart.Phase(bad.what(), bad.t(), bad.t() + 1, true));
    }
    for (JsonNode line : lines) {
      double t = line.path("t").asDouble();
      for (String process : processes) {
        JsonNode figures = line.path(PROCESSES).path(process);
        double pauseMs = figures.path("gc_pause_ms").asDouble();
        String pause = " collected garbage for " + Numbers.fixed(pauseMs, 0) + " ms";
        if (figures.isNull() || pauseMs >= Seconds.COLLECTIONS_SHOWN_MS) {
          pause = figures.isNull() ? " did not answer" : pause;
          events.add(new Chart.Phase(process + pause, t - 1, t, false));
        }
      }
    }
    return events;
  }

  boolean held(int index) {
    return in(HOLD, index);
  }

  /** Returns what a line shows after the warm-up; empty without a value. */
  Optional<Typical> typical(List<Double> values) {
    List<Integer> measured =
        IntStream.range(0, values.size())
            .filter(at -> values.get(at) != null && !in(WARM_UP, at))
            .boxed()
            .sorted(Comparator.comparing(values::get).thenComparing(Comparator.reverseOrder()))
            .toList();
    if (measured.isEmpty()) {
      return Optional.empty();
    }
    int peak = measured.get(measured.size() - 1);
    double median = values.get(measured.get((measured.size() - 1) / 2));
    return Optional.of(new Typical(median, values.get(peak), seconds.get(peak)));
  }

  private boolean in(String phase, int index) {
    return lines.get(index).path("phase").asText("").equals(phase);
  }
}

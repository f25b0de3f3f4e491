package verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import kpi.Median;

/**
 * The runs of one simulation and profile on one class of machine. Changes are computed between runs
 * with the settings of the newest run; others are shown, but left out of the comparison.
 *
 * @param name simulation and profile
 * @param all the runs, oldest first, at least one
 * @param figures names of the figures that are shown
 * @param last number of the newest runs that are shown
 */
public record HistorySeries(
    String name, MachineClass machine, List<History.Entry> all, List<String> figures, int last) {
  /**
   * One figure of one run.
   *
   * @param value in the unit of the catalogue; null if the run has none
   * @param beforePct change from the last run that had it, in per cent; null if there is none to
   *     compare with
   * @param firstPct change from the first run that had it; likewise
   */
  public record Point(Double value, Double beforePct, Double firstPct) {}

  private record Key(String name, MachineClass machine) {}

  /** Returns all series of a history, by name, then the most recent first; each shows all. */
  public static List<HistorySeries> of(List<History.Entry> entries) {
    Map<Key, List<History.Entry>> groups = new LinkedHashMap<>();
    for (History.Entry entry : entries) {
      Key key = new Key(entry.simulation() + "." + entry.profile(), entry.machine());
      groups.computeIfAbsent(key, unseen -> new ArrayList<>()).add(entry);
    }
    return groups.entrySet().stream()
        .map(group -> of(group.getKey(), group.getValue()))
        .sorted(
            Comparator.comparing(HistorySeries::name)
                .thenComparing(series -> series.newest().start(), Comparator.reverseOrder()))
        .toList();
  }

  /** The figures are those that any run has, in the order of the newest run with them. */
  private static HistorySeries of(Key key, List<History.Entry> runs) {
    List<String> figures =
        Stream.iterate(runs.size() - 1, index -> index >= 0, index -> index - 1)
            .flatMap(index -> runs.get(index).figures().keySet().stream())
            .distinct()
            .filter(name -> FigureName.named(name).isPresent())
            .toList();
    return new HistorySeries(key.name(), key.machine(), runs, figures, runs.size());
  }

  /** Returns the same series of which a part is shown. */
  public HistorySeries showing(List<String> some, int newest) {
    return new HistorySeries(name, machine, all, some, newest);
  }

  /** Returns the runs that are shown, oldest first. */
  public List<History.Entry> runs() {
    return tail(all);
  }

  public String count() {
    String words = Numbers.count(all.size()) + (all.size() == 1 ? " run" : " runs");
    return last >= all.size() ? words : "the last " + Numbers.count(last) + " of " + words;
  }

  /**
   * Returns the settings of a run that differ from the newest run's, such as {@code clients 200
   * instead of 100}. A setting that one of the two lacks is no difference.
   */
  public List<String> differences(History.Entry run) {
    Map<String, String> own = new HashMap<>(run.settings());
    Map<String, String> others = new HashMap<>(newest().settings());
    own.keySet().retainAll(newest().settings().keySet());
    others.keySet().retainAll(run.settings().keySet());
    return Baseline.differences(own, others);
  }

  /** Returns the median over the runs that can be compared; empty if none has the figure. */
  public OptionalDouble median(String figure) {
    return Median.of(
        all.stream()
            .filter(run -> differences(run).isEmpty())
            .map(run -> run.figures().get(figure))
            .filter(Objects::nonNull)
            .mapToDouble(value -> value));
  }

  /** Returns the points of a figure, one a run that is shown; changes also count earlier runs. */
  public List<Point> points(String figure) {
    List<Point> points = new ArrayList<>();
    Double first = null;
    Double before = null;
    for (History.Entry run : all) {
      Double value = run.figures().get(figure);
      if (value == null || !differences(run).isEmpty()) {
        points.add(new Point(value, null, null));
      } else {
        points.add(new Point(value, percent(before, value), percent(first, value)));
        first = first == null ? value : first;
        before = value;
      }
    }
    return tail(points);
  }

  private <T> List<T> tail(List<T> whole) {
    return whole.subList(Math.max(0, whole.size() - last), whole.size());
  }

  private History.Entry newest() {
    return all.get(all.size() - 1);
  }

  private static Double percent(Double from, double to) {
    return from == null || from <= 0 ? null : Double.valueOf(100 * (to - from) / from);
  }
}

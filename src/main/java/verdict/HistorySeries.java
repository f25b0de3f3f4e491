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
 * with the settings of the newest run; others are kept in the row, but left out of the comparison.
 *
 * @param name simulation and profile
 * @param machine the class of machine
 * @param runs oldest first, at least one
 */
public record HistorySeries(String name, MachineClass machine, List<HistoryEntry> runs) {

  /**
   * One figure of one run.
   *
   * @param value in the unit of the catalogue; null if the run has none
   * @param beforePct change from the last run that had it, in per cent; null if there is none to
   *     compare with
   * @param firstPct change from the first run that had it; likewise
   */
  public record Point(Double value, Double beforePct, Double firstPct) {}

  /**
   * The part of a series that is shown.
   *
   * @param figures names of figures
   * @param last number of the newest runs
   */
  public record View(HistorySeries series, List<String> figures, int last) {
    /** Returns the runs, oldest first. */
    public List<HistoryEntry> runs() {
      return tail(series.runs());
    }

    /** Returns the points of a figure, one a run; changes also count earlier runs. */
    public List<Point> points(String figure) {
      return tail(series.points(figure));
    }

    /** Returns the number of runs in words. */
    public String count() {
      int all = series.runs().size();
      String words = Numbers.count(all) + (all == 1 ? " run" : " runs");
      return last >= all ? words : "the last " + Numbers.count(last) + " of " + words;
    }

    private <T> List<T> tail(List<T> all) {
      return all.subList(Math.max(0, all.size() - last), all.size());
    }
  }

  private record Key(String name, MachineClass machine) {}

  /** Returns all series of a history, by name, then the most recent first. */
  public static List<HistorySeries> of(List<HistoryEntry> entries) {
    Map<Key, List<HistoryEntry>> groups = new LinkedHashMap<>();
    for (HistoryEntry entry : entries) {
      Key key = new Key(entry.simulation() + "." + entry.profile(), entry.machine());
      groups.computeIfAbsent(key, unseen -> new ArrayList<>()).add(entry);
    }
    List<HistorySeries> series = new ArrayList<>();
    groups.forEach((key, runs) -> series.add(new HistorySeries(key.name(), key.machine(), runs)));
    series.sort(
        Comparator.comparing(HistorySeries::name)
            .thenComparing(one -> one.newest().start(), Comparator.reverseOrder()));
    return series;
  }

  /** Returns the figures that any run has, in the order of the newest run with them. */
  public List<String> figures() {
    return Stream.iterate(runs.size() - 1, index -> index >= 0, index -> index - 1)
        .flatMap(index -> runs.get(index).figures().keySet().stream())
        .distinct()
        .filter(name -> FigureName.named(name).isPresent())
        .toList();
  }

  /**
   * Returns the settings of a run that differ from the newest run's, such as {@code clients 200
   * instead of 100}. A setting that one of the two lacks is no difference.
   */
  public List<String> differences(HistoryEntry run) {
    Map<String, String> own = new HashMap<>(run.settings());
    Map<String, String> others = new HashMap<>(newest().settings());
    own.keySet().retainAll(newest().settings().keySet());
    others.keySet().retainAll(run.settings().keySet());
    return Baseline.differences(own, others);
  }

  /** Returns the median over the runs that can be compared; empty if none has the figure. */
  public OptionalDouble median(String figure) {
    return Median.of(
        runs.stream()
            .filter(run -> differences(run).isEmpty())
            .map(run -> run.figures().get(figure))
            .filter(Objects::nonNull)
            .mapToDouble(value -> value));
  }

  private List<Point> points(String figure) {
    List<Point> points = new ArrayList<>();
    Double first = null;
    Double before = null;
    for (HistoryEntry run : runs) {
      Double value = run.figures().get(figure);
      if (value == null || !differences(run).isEmpty()) {
        points.add(new Point(value, null, null));
      } else {
        points.add(new Point(value, percent(before, value), percent(first, value)));
        first = first == null ? value : first;
        before = value;
      }
    }
    return points;
  }

  private HistoryEntry newest() {
    return runs.get(runs.size() - 1);
  }

  private static Double percent(Double from, double to) {
    return from == null || from <= 0 ? null : Double.valueOf(100 * (to - from) / from);
  }
}

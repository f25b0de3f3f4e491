package verdict;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import kpi.UnusableFile;
import verdict.Check.Outcome;

/**
 * Two groups of runs of one simulation, such as those of a target and of a peer in its place. Runs
 * of one group are alike in everything; the groups may differ, and say in what.
 */
public final class SideBySide {
  private SideBySide() {}

  /**
   * Compares two groups of runs, for a console.
   *
   * @throws UnusableFile if a run is invalid, is given twice, or is unlike the others of its group,
   *     or the groups are of different simulations
   */
  public static List<String> lines(List<RunRecord> one, List<RunRecord> other) throws UnusableFile {
    List<RunRecord> all = new ArrayList<>(one);
    all.addAll(other);
    RunRecord first = all.get(0);
    for (RunRecord run : all) {
      requireUsable(run, first, all);
    }
    requireAlike(one);
    requireAlike(other);
    return lines(
        List.of(title(one), title(other)),
        Baseline.differences(identity(other.get(0)), identity(first)),
        Baseline.kpis(one),
        Baseline.kpis(other));
  }

  /**
   * Compares the figures of two groups of runs, for a console.
   *
   * @param titles of the two
   * @param differences of the second from the first, such as {@code proxy.peer nginx instead of
   *     none}
   */
  static List<String> lines(
      List<String> titles,
      List<String> differences,
      Map<String, Spread> before,
      Map<String, Spread> after) {
    List<String> lines = new ArrayList<>();
    lines.add("from  " + titles.get(0));
    lines.add("to    " + titles.get(1));
    differences.forEach(each -> lines.add("      " + each));
    lines.add("");
    List<Change> changes = new ArrayList<>();
    Set<String> only = new LinkedHashSet<>(after.keySet());
    only.removeAll(before.keySet());
    before.forEach(
        (name, spread) -> {
          if (after.containsKey(name)) {
            changes.add(Change.between(name, spread, after.get(name)));
          } else {
            only.add(name);
          }
        });
    // A single run on a side has no spread.
    boolean isChanceKnown =
        Stream.of(before, after)
            .flatMap(group -> group.values().stream())
            .allMatch(spread -> spread.values().size() > 1);
    String within = isChanceKnown ? "what chance explains (99 % each)" : "the runs of the first";
    lines.addAll(Comparison.lines(changes, changes.size(), within));
    if (!only.isEmpty()) {
      lines.add("  Not in all runs: " + String.join(", ", only) + ".");
    }
    if (!isChanceKnown) {
      lines.add("A single run on a side does not tell change from chance; give three or more.");
    }
    return lines;
  }

  private static void requireUsable(RunRecord run, RunRecord first, List<RunRecord> all)
      throws UnusableFile {
    if (!run.simulation().equals(first.simulation())) {
      throw new UnusableFile(
          "%s is a run of %s, not of %s."
              .formatted(run.folder(), run.simulation(), first.simulation()));
    }
    if (run.verdict().verdict() == Outcome.INVALID) {
      throw new UnusableFile(
          run.folder()
              + " is INVALID, and nothing is compared with it. "
              + run.verdict().sentence());
    }
    long times = all.stream().filter(each -> each.manifest().equals(run.manifest())).count();
    if (times > 1) {
      throw new UnusableFile(run.folder() + " is given " + times + " times.");
    }
  }

  private static void requireAlike(List<RunRecord> group) throws UnusableFile {
    RunRecord first = group.get(0);
    for (RunRecord run : group) {
      List<String> differences = Baseline.differences(identity(run), identity(first));
      if (!differences.isEmpty()) {
        throw new UnusableFile(
            "%s is unlike %s: %s."
                .formatted(run.folder(), first.folder(), String.join(", ", differences)));
      }
    }
  }

  /** Returns all that the figures of a run depend on, by name. */
  private static Map<String, String> identity(RunRecord run) {
    Map<String, String> all = new TreeMap<>(Baseline.seeded(run));
    all.putAll(run.defects());
    all.put("profile", run.profile());
    all.put("commit", String.format(Locale.ROOT, "%.7s%s", run.commit(), run.dirty() ? "+" : ""));
    all.put("machine", run.machine().words());
    return all;
  }

  private static String title(List<RunRecord> group) {
    RunRecord first = group.get(0);
    String runs = group.size() == 1 ? "1 run" : group.size() + " runs";
    return runs + " of " + first.simulation() + "." + first.profile() + " from " + first.started();
  }
}

package verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import kpi.UnusableFile;
import verdict.Check.Outcome;

/**
 * Two groups of runs of one simulation, such as those of a target and of a peer in its place. Runs
 * of one group are alike in everything; the groups may differ, and say in what.
 *
 * @param titles of the two
 * @param differences of the second from the first, such as {@code proxy.peer nginx instead of none}
 * @param changes of every figure that all runs have, from the first to the second
 * @param only figures that the runs of one group have
 * @param isChanceKnown whether each group has two runs or more, whose spread tells chance
 */
public record SideBySide(
    List<String> titles,
    List<String> differences,
    List<Change> changes,
    List<String> only,
    boolean isChanceKnown) {

  /**
   * Compares two groups of runs.
   *
   * @throws UnusableFile if a run is invalid, is given twice, or is unlike the others of its group,
   *     or the groups are of different simulations
   */
  public static SideBySide of(List<RunRecord> one, List<RunRecord> other) throws UnusableFile {
    List<RunRecord> all = new ArrayList<>(one);
    all.addAll(other);
    RunRecord first = all.get(0);
    for (RunRecord run : all) {
      requireUsable(run, first, all);
    }
    requireAlike(one);
    requireAlike(other);
    Map<String, Spread> before = Baseline.kpis(one);
    Map<String, Spread> after = Baseline.kpis(other);
    List<Change> changes = new ArrayList<>();
    List<String> only = new ArrayList<>(after.keySet());
    only.removeAll(before.keySet());
    before.forEach(
        (name, spread) -> {
          if (after.containsKey(name)) {
            changes.add(Change.between(name, spread, after.get(name)));
          } else {
            only.add(name);
          }
        });
    return new SideBySide(
        List.of(title(one), title(other)),
        Baseline.differences(identity(other.get(0)), identity(first)),
        changes,
        only,
        one.size() > 1 && other.size() > 1);
  }

  private static void requireUsable(RunRecord run, RunRecord first, List<RunRecord> all)
      throws UnusableFile {
    if (!run.simulation().equals(first.simulation())) {
      throw new UnusableFile(
          run.folder()
              + " is a run of "
              + run.simulation()
              + ", not of "
              + first.simulation()
              + ".");
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
            run.folder()
                + " is unlike "
                + first.folder()
                + ": "
                + String.join(", ", differences)
                + ".");
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

  /** Returns the comparison for a console. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("from  " + titles.get(0));
    lines.add("to    " + titles.get(1));
    differences.forEach(each -> lines.add("      " + each));
    lines.add("");
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
}

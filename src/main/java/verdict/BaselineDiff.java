package verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** Changes of a new baseline, for a reader who is about to commit it. */
public final class BaselineDiff {
  /** Smaller moves, as a share of the old centre, get no line. */
  private static final double QUIET_PCT = 2;

  private BaselineDiff() {}

  /** Returns a line for the commits, one for each figure that moved, and one for all others. */
  public static List<String> lines(Baseline before, Baseline after) {
    List<String> lines = new ArrayList<>();
    lines.add(words(before) + " -> " + words(after));
    after.machine().differences(before.machine()).forEach(what -> lines.add("machine: " + what));
    after.otherSettings(before).forEach(what -> lines.add("settings: " + what));
    int quiet = 0;
    for (Map.Entry<String, Spread> entry : after.kpis().entrySet()) {
      Spread old = before.kpis().get(entry.getKey());
      if (old == null) {
        lines.add(entry.getKey() + " is new: " + words(entry.getValue()));
      } else if (isQuiet(old, entry.getValue())) {
        quiet++;
      } else {
        lines.add(moved(entry.getKey(), old, entry.getValue()));
      }
    }
    before.kpis().keySet().stream()
        .filter(name -> !after.kpis().containsKey(name))
        .forEach(name -> lines.add(name + " is gone"));
    lines.add(quiet + " figures moved by less than " + Numbers.plain(QUIET_PCT) + " %");
    return lines;
  }

  private static boolean isQuiet(Spread before, Spread after) {
    double moved = Math.abs(after.centre() - before.centre());
    OptionalDouble percent = before.percent(moved);
    return percent.isPresent() ? percent.getAsDouble() < QUIET_PCT : moved == 0;
  }

  private static String moved(String name, Spread before, Spread after) {
    OptionalDouble percent = before.percent(after.centre() - before.centre());
    return String.format(
        Locale.ROOT,
        "%-28s %s -> %s%s",
        name,
        words(before),
        words(after),
        percent.isPresent() ? String.format(Locale.ROOT, "  %+.1f %%", percent.getAsDouble()) : "");
  }

  private static String words(Baseline baseline) {
    return "commit "
        + baseline.commit()
        + (baseline.dirty() ? " with uncommitted changes" : "")
        + ", "
        + baseline.runs()
        + " runs";
  }

  private static String words(Spread spread) {
    return Numbers.plain(spread.centre()) + " ± " + Numbers.words(spread.spread(), spread.unit());
  }
}

package simulations.run;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Finds names that are probably a misspelled option: one edit away, or two in a long name. */
final class Slips {
  /** Names of this length may differ by two edits; shorter ones are like too many others. */
  private static final int LONG = 8;

  /** Properties of the JVM, Maven, Gatling and CI jobs, of which some are nearly an option. */
  private static final Pattern OF_OTHERS =
      Pattern.compile(
          "(awt|env|file|ftp|gatling|https?|io|java|javax|jdk|maven|os|project|socksProxy|sun|user)"
              + "\\..*|branch|build|debug|env|job|release|revision|run|simple|skip|stage|tag|test"
              + "|tests|token|username|version");

  private Slips() {}

  /** Returns each name that is probably a misspelling, with the nearest of the options. */
  static Map<String, String> of(Set<String> names, Set<String> options) {
    Map<String, String> slips = new TreeMap<>();
    for (String name : names) {
      if (!options.contains(name) && !OF_OTHERS.matcher(name).matches()) {
        options.stream()
            .min(Comparator.comparingInt(option -> edits(name, option)))
            .filter(option -> edits(name, option) <= (name.length() < LONG ? 1 : 2))
            .ifPresent(option -> slips.put(name, option));
      }
    }
    return slips;
  }

  /** Returns how many letters are changed, added, left out or swapped with their neighbour. */
  private static int edits(String typed, String meant) {
    int[][] steps = new int[typed.length() + 1][meant.length() + 1];
    for (int i = 0; i <= typed.length(); i++) {
      for (int j = 0; j <= meant.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        boolean same = typed.charAt(i - 1) == meant.charAt(j - 1);
        steps[i][j] =
            Math.min(
                steps[i - 1][j - 1] + (same ? 0 : 1),
                1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && typed.startsWith(meant.substring(j - 1, j), i - 2);
        if (swapped && typed.charAt(i - 1) == meant.charAt(j - 2)) {
          steps[i][j] = Math.min(steps[i][j], 1 + steps[i - 2][j - 2]);
        }
      }
    }
    return steps[typed.length()][meant.length()];
  }
}

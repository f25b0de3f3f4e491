package kpi;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Names of the figures of one part of a load: {@code stage_100.rtt} is the {@code rtt} of the users
 * of stage 100, {@code viewers_100.step_lag_p50} and {@code step3.wake_lag} are those of a step,
 * {@code ended_failed.ttft} that of the streams that failed. Figures without one are those of the
 * whole run.
 */
public final class Stages {
  private static final String ENDED = "ended_";
  private static final Pattern NAME =
      Pattern.compile("((?:stage_|viewers_|ended_|step)([^.]+)\\.).+");

  private Stages() {}

  /** Returns the prefix of a stage's figures, such as {@code stage_100.}. */
  public static String prefix(String stage) {
    return "stage_" + stage + ".";
  }

  /** Returns the prefix of the figures of streams that ended alike. */
  public static String ended(String outcome) {
    return ENDED + outcome + ".";
  }

  /** Returns true if there are prefixes, and all are those of streams that ended alike. */
  public static boolean areOutcomes(Collection<String> prefixes) {
    return !prefixes.isEmpty() && prefixes.stream().allMatch(prefix -> prefix.startsWith(ENDED));
  }

  /** Returns true for a name such as {@code stage_100.rtt}. */
  public static boolean isOfStage(String name) {
    return NAME.matcher(name).matches();
  }

  /** Returns the prefixes of the stages of the figures, each once, in their order. */
  public static List<String> among(Collection<String> figures) {
    return figures.stream()
        .filter(Stages::isOfStage)
        .map(figure -> figure.substring(0, figure.indexOf('.') + 1))
        .distinct()
        .toList();
  }

  /** Returns the name of a stage for readers, by its prefix: a number of users or of the step. */
  public static String label(String prefix) {
    return NAME.matcher(prefix + "x").replaceFirst("$2");
  }
}

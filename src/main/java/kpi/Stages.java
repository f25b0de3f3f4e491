package kpi;

import java.util.Collection;
import java.util.List;

/**
 * Names of the figures of one stage, in a run with several stages of load: {@code stage_100.rtt} is
 * the {@code rtt} of the users of stage 100. Figures without a stage are those of the whole run.
 */
public final class Stages {
  private static final String PREFIX = "stage_";

  private Stages() {}

  /** Returns the prefix of a stage's figures, such as {@code stage_100.}. */
  public static String prefix(String stage) {
    return PREFIX + stage + ".";
  }

  /** Returns true for a name such as {@code stage_100.rtt}. */
  public static boolean isOfStage(String name) {
    return name.startsWith(PREFIX) && name.indexOf('.') > PREFIX.length();
  }

  /** Returns the stages of the figures, each once, in their order. */
  public static List<String> among(Collection<String> figures) {
    return figures.stream()
        .filter(Stages::isOfStage)
        .map(figure -> figure.substring(PREFIX.length(), figure.indexOf('.')))
        .distinct()
        .toList();
  }
}

package kpi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How figures of one stage are called, in a run that has several stages of load one after the
 * other: {@code stage_100.rtt} is what {@code rtt} is, of the users of stage 100 alone. Figures
 * without a stage are those of the whole run.
 */
public final class Stages {
  private static final String PREFIX = "stage_";

  private Stages() {}

  /** What begins the names of a stage's figures, such as {@code stage_100.}. */
  public static String prefix(String stage) {
    return PREFIX + stage + ".";
  }

  /** True for a name such as {@code stage_100.rtt}. */
  public static boolean isOfStage(String name) {
    return name.startsWith(PREFIX) && name.indexOf('.') > PREFIX.length();
  }

  /** The stages that figures belong to, each once, in the order in which they come. */
  public static List<String> among(Collection<String> figures) {
    List<String> stages = new ArrayList<>();
    for (String figure : figures) {
      if (isOfStage(figure)) {
        String stage = figure.substring(PREFIX.length(), figure.indexOf('.'));
        if (!stages.contains(stage)) {
          stages.add(stage);
        }
      }
    }
    return stages;
  }
}

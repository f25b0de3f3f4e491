package simulations.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import settings.SettingsReader;
import verdict.Threshold;
import verdict.Validity;

/**
 * What a run sets out to do, in the words that its folder and its console need.
 *
 * @param simulation simple class name
 * @param profile name of the profile
 * @param sentence the load in one sentence
 * @param seed of everything random
 * @param settings every setting as text, without secrets
 * @param slos what a good stream meets, as written
 * @param thresholds what a good run meets
 * @param bounds when the run can be believed
 * @param monitor time between live lines
 * @param options what every simulation has
 */
public record RunPlan(
    String simulation,
    String profile,
    String sentence,
    long seed,
    Map<String, String> settings,
    List<String> slos,
    List<Threshold> thresholds,
    Validity.Bounds bounds,
    Duration monitor,
    RunOptions options) {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Reads the bounds of validity. */
  public static Validity.Bounds bounds(SettingsReader from) {
    Validity.Bounds bounds =
        new Validity.Bounds(
            from.duration("start-lag-p99", Duration.ZERO, MINUTE).toMillis(),
            from.duration("generator-lag-p99", Duration.ZERO, MINUTE).toMillis(),
            from.duration("gc-pause", Duration.ZERO, MINUTE).toMillis(),
            from.decimal("gc-share", 0, 100),
            from.decimal("offered", 0, 100),
            from.decimal("foreign-cpu", 0, 100),
            from.decimal("littles-law", 0, 100));
    from.finish();
    return bounds;
  }
}

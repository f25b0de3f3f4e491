package simulations.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kpi.UnusableFile;
import settings.SettingsReader;
import verdict.Baseline;
import verdict.Baselines;
import verdict.Rule;
import verdict.Threshold;

/**
 * The options of every run: its destination, its baseline, and how they are compared.
 *
 * @param updateBaseline whether a baseline is created instead
 * @param failOnRegression whether the comparison decides the build
 * @param thresholdPct value of the word threshold in rules
 * @param rules how much worse than its baseline a figure may be
 * @param limits thresholds of every simulation
 * @param words values of the words in limits, in ms
 */
public record RunOptions(
    Path outputDir,
    Path baselinesDir,
    boolean updateBaseline,
    int runs,
    boolean failOnRegression,
    double thresholdPct,
    List<Rule> rules,
    List<Threshold> limits,
    Map<String, Double> words) {
  private static final int MAX_RUNS = 50;
  private static final double MIN_THRESHOLD_PCT = 0.1;
  private static final double MAX_THRESHOLD_PCT = 1_000;

  /**
   * Reads the options; errors go to the reader, with those of the simulation's own settings. A
   * baseline that cannot be used is one of them, unless it is about to be replaced.
   *
   * @param config where they come from
   * @param simulation simple class name
   * @param words what the simulation's limits may name, in ms
   */
  public static RunOptions read(SuiteConfig config, String simulation, Map<String, Double> words) {
    SettingsReader from = config.reader();
    double threshold = from.decimal("regression-threshold", MIN_THRESHOLD_PCT, MAX_THRESHOLD_PCT);
    RunOptions options =
        new RunOptions(
            Path.of(from.text("output-dir")),
            Path.of(from.text("baselines-dir")),
            from.flag("update-baseline"),
            from.integer("runs", Baseline.LEAST_RUNS, MAX_RUNS),
            from.flag("fail-on-regression"),
            threshold,
            parsed(from, "regression-rules", text -> Rule.parse(text, threshold)),
            parsed(from, "limits", text -> Threshold.parse(text, words)),
            words);
    if (!options.updateBaseline()) {
      try {
        var unused = options.baselines().read(simulation, config.profile());
      } catch (UnusableFile e) {
        from.error("baselines-dir", e.getMessage());
      }
    }
    return options;
  }

  /** Parses each text of a list; those that do not parse are errors. */
  public static <T> List<T> parsed(SettingsReader from, String path, Function<String, T> parse) {
    List<T> all = new ArrayList<>();
    for (String text : from.texts(path)) {
      try {
        all.add(parse.apply(text));
      } catch (IllegalArgumentException e) {
        from.error(path, e.getMessage());
      }
    }
    return all;
  }

  /** Returns the folder of baselines. */
  public Baselines baselines() {
    return new Baselines(baselinesDir);
  }
}

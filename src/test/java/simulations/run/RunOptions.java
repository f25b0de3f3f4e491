package simulations.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kpi.UnusableFile;
import settings.Option;
import settings.SettingsReader;
import verdict.Baseline;
import verdict.Baselines;
import verdict.FigureName;
import verdict.Rule;
import verdict.Threshold;

/**
 * The options of every run: its destination, its baseline, and how they are compared.
 *
 * @param rules how much worse than its baseline a figure may be
 * @param limits thresholds of every simulation
 * @param words values of the words in limits, in ms
 */
public record RunOptions(
    Choices choices, List<Rule> rules, List<Threshold> limits, Map<String, Double> words) {
  /**
   * The single values.
   *
   * @param updateBaseline whether a baseline is created instead
   * @param failOnRegression whether the comparison decides the build
   * @param thresholdPct value of the word threshold in rules
   */
  public record Choices(
      @Option Path outputDir,
      @Option Path baselinesDir,
      @Option boolean updateBaseline,
      @Option(in = Baseline.LEAST_RUNS + "..50") int runs,
      @Option boolean failOnRegression,
      @Option(name = "regression-threshold", in = "0.1..1000") double thresholdPct) {}

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
    Choices choices = from.read(Choices.class);
    RunOptions options =
        new RunOptions(
            choices,
            from.list("regression-rules", text -> Rule.parse(text, choices.thresholdPct)),
            from.list("limits", text -> Threshold.parse(text, words)),
            words);
    FigureName.twice(options.rules, Rule::figure, Rule::text)
        .ifPresent(error -> from.error("regression-rules", error));
    if (!choices.updateBaseline) {
      try {
        var unused = options.baselines().read(simulation, config.profile());
      } catch (UnusableFile e) {
        from.error("baselines-dir", e.getMessage());
      }
    }
    return options;
  }

  public Baselines baselines() {
    return new Baselines(choices.baselinesDir);
  }
}

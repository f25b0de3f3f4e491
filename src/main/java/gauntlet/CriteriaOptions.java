package gauntlet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kpi.Manifest;
import picocli.CommandLine.Option;
import settings.BadSettings;
import verdict.Baselines;
import verdict.Criteria;
import verdict.FigureName;
import verdict.Rule;
import verdict.RunRecord;
import verdict.Threshold;

/** Options that replace the criteria in a run's manifest. */
final class CriteriaOptions {
  private static final double LEAST_PCT = 0.1;
  private static final double MOST_PCT = 1_000;
  private static final String WITHOUT_WORDS =
      "The run's manifest has no limit_words, as in older runs, so the values of words such as"
          + " interval are not known. Give every limit in numbers, such as"
          + " --limit 'gap.p99 < 100 ms'.";

  @Option(
      names = "--limit",
      paramLabel = "LIMIT",
      description =
          "A limit, such as 'ttft.p95 < 500 ms'; repeatable. Replaces all limits of the run")
  private List<String> limits = List.of();

  @Option(
      names = "--rule",
      paramLabel = "RULE",
      description =
          "How much worse than its baseline a figure may be, such as 'ttft.p99 warn 20 %% fail"
              + " 50 %%'; repeatable. Replaces all rules of the run; the catalogue has those of"
              + " other figures")
  private List<String> rules = List.of();

  @Option(
      names = "--regression-threshold",
      paramLabel = "PCT",
      description = "Value of the word threshold in rules (default: as in the run, or 20)")
  private String threshold;

  @Option(
      names = "--fail-on-regression",
      description = "The comparison decides the exit code; so does its absence")
  private boolean failOnRegression;

  @Option(
      names = "--baselines-dir",
      paramLabel = "DIR",
      description = "Folder of baselines (default: baselines)")
  private Path folder;

  /** Returns the folder of baselines; only the default one may be missing. */
  Baselines baselines() {
    return new Baselines(folder == null ? Path.of("baselines") : folder);
  }

  boolean failsOnRegression() {
    return failOnRegression;
  }

  /**
   * Returns the criteria for a run.
   *
   * @throws BadSettings with every option, limit and rule that cannot be used
   */
  Criteria read(RunRecord run) {
    Manifest manifest = run.manifest();
    String file = run.folder().resolve(Manifest.FILE).toString();
    List<String> errors = new ArrayList<>();
    List<Threshold> usedLimits =
        limits.isEmpty()
            ? parsed(file, manifest.thresholds(), errors, limit(manifest))
            : parsed("--limit", limits, errors, limit(manifest));
    if (!errors.isEmpty() && limits.isEmpty() && manifest.limitWords().isEmpty()) {
      errors.add(WITHOUT_WORDS);
    }
    if (folder != null && !Files.isDirectory(folder)) {
      errors.add("--baselines-dir: there is no folder " + folder);
    }
    double pct =
        threshold != null
            ? percent(errors)
            : manifest.regressionThreshold() > 0
                ? manifest.regressionThreshold()
                : Rule.THRESHOLD_PCT;
    List<Rule> usedRules =
        rules.isEmpty()
            ? parsed(file, manifest.regressionRules(), errors, text -> Rule.parse(text, pct))
            : parsed("--rule", rules, errors, text -> Rule.parse(text, pct));
    FigureName.twice(usedRules, Rule::figure, Rule::text)
        .ifPresent(error -> errors.add((rules.isEmpty() ? file : "--rule") + ": " + error));
    if (!errors.isEmpty()) {
      throw new BadSettings(errors);
    }
    return new Criteria(usedLimits, usedRules, pct, failOnRegression);
  }

  private static <T> List<T> parsed(
      String source, List<String> texts, List<String> errors, Function<String, T> parse) {
    List<T> all = new ArrayList<>();
    for (String text : texts) {
      try {
        all.add(parse.apply(text));
      } catch (IllegalArgumentException e) {
        errors.add(source + ": " + e.getMessage());
      }
    }
    return all;
  }

  private static Function<String, Threshold> limit(Manifest manifest) {
    return text -> Threshold.parse(text, manifest.limitWords());
  }

  private double percent(List<String> errors) {
    try {
      double value = Double.parseDouble(threshold);
      if (value >= LEAST_PCT && value <= MOST_PCT) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    errors.add(
        "--regression-threshold: '" + threshold + "' is not a number from 0.1 to 1000 (per cent)");
    return LEAST_PCT;
  }
}

package gauntlet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;
import settings.BadSettings;
import verdict.Baselines;
import verdict.Criteria;
import verdict.Rule;
import verdict.RunRecord;
import verdict.Threshold;

/** What an old run is judged by: its own manifest, or what was typed instead. */
final class CriteriaOptions {
  private static final double LEAST_PCT = 0.1;
  private static final double MOST_PCT = 1_000;
  private static final String THRESHOLD = "threshold";
  private static final String WITHOUT_WORDS =
      "The run's manifest has no limit_words, as in runs of before they were kept, so what words"
          + " such as interval stand for is not known. Give every limit in numbers, such as"
          + " --limit 'gap.p99 < 100 ms'.";

  @Option(
      names = "--limit",
      paramLabel = "LIMIT",
      description =
          "A limit, such as 'ttft.p95 < 500 ms'; repeatable. Stands for all limits of the run,"
              + " which count if none is given")
  private List<String> limits = List.of();

  @Option(
      names = "--rule",
      paramLabel = "RULE",
      description =
          "How much worse than its baseline a figure may be, such as 'ttft.p99 warn 20 %% fail"
              + " 50 %%'; repeatable. Stands for all rules of the run, as limits do")
  private List<String> rules = List.of();

  @Option(
      names = "--regression-threshold",
      paramLabel = "PCT",
      description = "What the word threshold stands for in rules (default: as in the run)")
  private String threshold;

  @Option(
      names = "--fail-on-regression",
      description =
          "What the comparison finds decides the exit code, also that there is nothing to compare"
              + " with")
  private boolean failOnRegression;

  @Option(
      names = "--baselines-dir",
      paramLabel = "DIR",
      description = "Where baselines are (default: baselines)")
  private Path folder;

  /** The folder of baselines; only the one that nobody named may be missing. */
  Baselines baselines() {
    return new Baselines(folder == null ? Path.of("baselines") : folder);
  }

  /** True if the comparison decides. */
  boolean failsOnRegression() {
    return failOnRegression;
  }

  /**
   * What a run is judged by.
   *
   * @throws BadSettings with every option, limit and rule that cannot be used
   */
  Criteria read(RunRecord run) {
    List<String> errors = new ArrayList<>();
    if (folder != null && !Files.isDirectory(folder)) {
      errors.add("--baselines-dir: there is no folder " + folder);
    }
    List<Threshold> usedLimits =
        parsed(
            source(run, limits, "--limit"),
            asked(limits, run.limits()),
            errors,
            text -> Threshold.parse(text, run.limitWords()));
    boolean read = usedLimits.size() == asked(limits, run.limits()).size();
    if (!read && limits.isEmpty() && run.limitWords().isEmpty()) {
      errors.add(WITHOUT_WORDS);
    }
    double pct = threshold == null ? run.thresholdPct() : percent(errors);
    List<Rule> usedRules =
        parsed(source(run, rules, "--rule"), asked(rules, run.rules()), errors, rule(pct));
    if (!errors.isEmpty()) {
      throw new BadSettings(errors);
    }
    return new Criteria(usedLimits, usedRules, failOnRegression);
  }

  private static List<String> asked(List<String> typed, List<String> own) {
    return typed.isEmpty() ? own : typed;
  }

  private static String source(RunRecord run, List<String> typed, String option) {
    return typed.isEmpty() ? run.folder().resolve("manifest.json").toString() : option;
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

  private static Function<String, Rule> rule(double pct) {
    return text -> {
      if (text.contains(THRESHOLD) && pct <= 0) {
        throw new IllegalArgumentException(
            "'"
                + text
                + "': the run's manifest has no regression_threshold for the word threshold;"
                + " give --regression-threshold");
      }
      return Rule.parse(text, pct);
    };
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

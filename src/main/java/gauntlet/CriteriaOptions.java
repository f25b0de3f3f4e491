package gauntlet;

import static java.util.function.Predicate.not;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.Manifest;
import settings.Option;
import settings.SettingsReader;
import verdict.Baselines;
import verdict.Criteria;
import verdict.Rule;
import verdict.RunRecord;
import verdict.Threshold;

/** Options that replace the criteria in a run's manifest. */
record CriteriaOptions(
    @Option(
            help =
                "a limit, such as 'ttft.p95 < 500 ms'; repeatable. Replaces all limits of the run")
        List<String> limit,
    @Option(
            help =
                "how much worse than its baseline a figure may be, such as 'ttft.p99 warn 20 % fail"
                    + " 50 %'; repeatable. Replaces all rules of the run; the catalogue has those"
                    + " of other figures")
        List<String> rule,
    @Option(
            in = "0.1..1000",
            help =
                "per cent that the word threshold in rules means (default: as in the run, or 20)")
        Optional<Double> regressionThreshold,
    @Option(value = "false", help = "the comparison decides the exit code; so does its absence")
        boolean failOnRegression,
    @Option(help = "folder of baselines (default: baselines)") Optional<Path> baselinesDir) {
  private static final String WITHOUT_WORDS =
      "The run's manifest has no limit_words, as in older runs, so the values of words such as"
          + " interval are not known. Give every limit in numbers, such as"
          + " --limit 'gap.p99 < 100 ms'.";

  /** Returns the folder of baselines; only the default one may be missing. */
  Baselines baselines() {
    return new Baselines(baselinesDir.orElse(Path.of("baselines")));
  }

  /** Returns the criteria for a run, or throws with everything that cannot be used. */
  Criteria read(SettingsReader options, RunRecord run) {
    Manifest manifest = run.manifest();
    Map<String, Object> ofRun =
        Map.of("limit", manifest.thresholds(), "rule", manifest.regressionRules());
    String file = run.folder().resolve(Manifest.FILE).toString();
    SettingsReader recorded = new SettingsReader(ConfigFactory.parseMap(ofRun), path -> file);
    baselinesDir
        .filter(not(Files::isDirectory))
        .ifPresent(folder -> options.error("baselines-dir", "there is no folder " + folder));
    SettingsReader ofLimits = limit.isEmpty() ? recorded : options;
    List<Threshold> limits =
        ofLimits.list(
            "limit", text -> Threshold.parse(text, manifest.limitWords()), Threshold::figure);
    if (!recorded.isRight() && manifest.limitWords().isEmpty()) {
      recorded.error("limit", WITHOUT_WORDS);
    }
    double recordedPct = manifest.regressionThreshold();
    double pct = regressionThreshold.orElse(recordedPct > 0 ? recordedPct : Rule.THRESHOLD_PCT);
    SettingsReader ofRules = rule.isEmpty() ? recorded : options;
    List<Rule> rules = ofRules.list("rule", text -> Rule.parse(text, pct), Rule::figure);
    options.finish();
    recorded.finish();
    return new Criteria(limits, rules, pct, failOnRegression);
  }
}

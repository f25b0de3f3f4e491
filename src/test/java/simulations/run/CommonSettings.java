package simulations.run;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import kpi.UnusableFile;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import verdict.Baseline;
import verdict.Baselines;
import verdict.Rule;
import verdict.Threshold;
import verdict.Validity;

/**
 * The settings that every simulation has.
 *
 * @param simulation simple class name
 * @param description of the load, if its options say it all
 * @param texts every setting as text, without secrets
 * @param headlines three to five figures that its report shows first
 * @param warmup length of the warm-up, whole seconds
 * @param slos limits of a single stream, conversation or socket
 * @param own thresholds of the simulation itself
 * @param limits thresholds of every simulation
 * @param rules how much worse than its baseline a figure may be
 * @param words values of the words in thresholds and limits, in ms
 */
public record CommonSettings(
    String simulation,
    String profile,
    SuiteConfig.Description description,
    Map<String, String> texts,
    List<String> headlines,
    Duration warmup,
    Choices choices,
    LiveSettings live,
    Access access,
    RunProcesses.Bundled processes,
    Slos slos,
    List<Threshold> own,
    List<Threshold> limits,
    List<Rule> rules,
    Map<String, Double> words,
    Validity.Bounds bounds) {
  private record WarmUp(@Option(in = "0..1h", form = Form.SECONDS) Duration warmup) {}

  /**
   * The single values.
   *
   * @param monitor time between live lines
   * @param verdictEvery time between verdicts on a long run so far
   * @param shard of this generator; empty if it is the only one
   * @param updateBaseline whether a baseline is created instead
   * @param failOnRegression whether the comparison decides the build
   * @param thresholdPct value of the word threshold in rules
   */
  public record Choices(
      @Option(in = "0..2147483647") long seed,
      @Option(in = "1s..1h") Duration monitor,
      @Option(in = "1s..24h") Duration verdictEvery,
      @Option Optional<Shard> shard,
      @Option Optional<Shard.Start> startAt,
      @Option Path outputDir,
      @Option Path baselinesDir,
      @Option boolean updateBaseline,
      @Option(in = Baseline.LEAST_RUNS + "..50") int runs,
      @Option boolean failOnRegression,
      @Option(name = "regression-threshold", in = "0.1..1000") double thresholdPct) {}

  /**
   * The part of the settings that applies to a load.
   *
   * @param expected thresholds of such a load; the user's own come first
   * @param measures returns true for a threshold on what the load measures
   */
  public record Part(List<Threshold> expected, Predicate<Threshold> measures, boolean warmsUp) {
    /** All that is expected of the load is measured. */
    public Part(List<Threshold> expected) {
      this(expected, threshold -> true, true);
    }

    private List<Threshold> of(List<Threshold> own) {
      return Threshold.merged(own, expected).stream().filter(measures).toList();
    }
  }

  /**
   * Reads the common settings of a simulation whose users have limits of their own. Errors go to
   * the configuration's reader; a baseline that cannot be used is one of them, unless it is about
   * to be replaced.
   *
   * @param unit the thing that SLOs limit
   */
  public static CommonSettings read(SuiteConfig config, Slos.Unit unit) {
    return read(config, unit, new Part(List.of()));
  }

  /** Likewise, of a simulation whose load decides what it measures. */
  public static CommonSettings read(SuiteConfig config, Slos.Unit unit, Part part) {
    SettingsReader from = config.reader();
    String simulation = config.simulation();
    Map<String, Double> words = new TreeMap<>(from.words());
    Choices choices = from.read(Choices.class);
    Duration warmup = from.read(WarmUp.class).warmup;
    CommonSettings settings =
        new CommonSettings(
            simulation,
            config.profile(),
            config.description(),
            config.asTexts(),
            config.headlines(),
            part.warmsUp ? warmup : Duration.ZERO,
            choices,
            from.read(LiveSettings.class),
            from.read(Access.class),
            from.read(RunProcesses.Bundled.class),
            Slos.read(from, words, unit),
            part.of(
                from.list("thresholds", text -> Threshold.parse(text, words), Threshold::figure)),
            from.list("limits", text -> Threshold.parse(text, words), Threshold::figure),
            from.list(
                "regression-rules", text -> Rule.parse(text, choices.thresholdPct), Rule::figure),
            words,
            config.validity().finish(Validity.Bounds.class));
    if (settings.shard().isPart()) {
      settings.checkShard(config.sharedTargets(), from);
    } else if (choices.startAt.isPresent() && from.optionalText("shard").isEmpty()) {
      from.error("start-at", "is for several generators; name the share of this one, -Dshard=0/4");
    }
    if (!choices.updateBaseline) {
      try {
        var unused = settings.baselines().read(simulation, config.profile());
      } catch (UnusableFile e) {
        from.error("baselines-dir", e.getMessage());
      }
    }
    return settings;
  }

  /**
   * Verifies what several generators need.
   *
   * @param targets options that name a target; empty if one generator has to make the whole load
   */
  private void checkShard(List<String> targets, SettingsReader from) {
    if (targets.isEmpty()) {
      from.error("shard", simulation + " takes one generator, which has to see the whole load");
    } else if (targets.stream().allMatch(option -> from.optionalText(option).isEmpty())) {
      String all = String.join(" or -D", targets);
      from.error(
          "shard",
          "several generators load one target, which none of them starts; start it, and name it by"
              + (" -D" + all));
    }
    if (choices.startAt.isEmpty()) {
      from.error(
          "start-at", "has no value: the moment, after the warm-up, at which all begin to measure");
    } else if (choices.startAt.get().at().isBefore(Instant.now())) {
      from.error(
          "start-at", choices.startAt.get().at() + " has passed: this generator is too late");
    }
    if (choices.updateBaseline) {
      from.error("update-baseline", "is for one generator; accept takes merged runs");
    }
  }

  /** Verifies that there is a user for each generator. */
  public void shares(SettingsReader from, String option, int users) {
    if (users < shard().count()) {
      from.error(option, users + " are fewer than the generators of -Dshard=" + shard());
    }
  }

  /** Returns the share of this generator in the load. */
  public Shard shard() {
    return choices.shard.orElse(Shard.WHOLE);
  }

  public long seed() {
    return choices.seed;
  }

  public Baselines baselines() {
    return new Baselines(choices.baselinesDir);
  }

  /** Returns the thresholds of the run: the simulation's own before those of every simulation. */
  public List<Threshold> thresholds() {
    return Threshold.merged(own, limits);
  }

  /** Returns all that bounds a figure of the run, or of a single stream. */
  List<Threshold> thresholdsAndSlos() {
    return Stream.concat(thresholds().stream(), slos.limits().stream()).toList();
  }
}

package simulations.auction;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import settings.SettingsReader;
import simulations.run.RunOptions;
import simulations.run.SuiteConfig;
import verdict.Threshold;

/**
 * The settings of the breaking point.
 *
 * @param steps of load
 * @param users at most so many bids are under way
 * @param warmup length of the warm-up, whole seconds
 * @param timeout how long an answer may take
 * @param viewers who watch the item
 * @param drainWithin how long accepted bids may take to every viewer and into the archive
 * @param mix what is bid
 * @param item that is bid on; empty for one of the run's own
 * @param service an auction of the user's own
 * @param targets how the bundled auction is started
 * @param monitor time between live lines
 * @param thresholds what a good run meets
 * @param options what every simulation has
 */
public record BreakSettings(
    StepSchedule.Plan steps,
    int users,
    Duration warmup,
    Duration timeout,
    int viewers,
    Duration drainWithin,
    Bidding.Mix mix,
    Optional<String> item,
    AuctionService service,
    BundledAuction targets,
    Duration monitor,
    List<Threshold> thresholds,
    RunOptions options) {
  /** The name that users type. */
  static final String SIMULATION = "BreakingPointSimulation";

  private static final int USERS_MAX = 20_000;
  private static final int VIEWERS_MAX = 100;
  private static final double RATE_MAX = 1e6;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofSeconds(90);

  private static final Duration RAMP = Duration.ofSeconds(4);

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static BreakSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    AuctionService service = AuctionService.read(from, "host");
    RunOptions options = RunOptions.read(config, SIMULATION, Map.of());
    BreakSettings settings =
        new BreakSettings(
            steps(from),
            from.integer("users", 1, USERS_MAX),
            from.wholeSeconds("warmup", Duration.ZERO, HOUR),
            from.duration("timeout", Duration.ofMillis(10), HOUR),
            from.integer("viewers", 0, VIEWERS_MAX),
            from.duration("drain-within", SECOND, HOUR),
            ContendSettings.mix(from),
            ContendSettings.item(from, "item"),
            service,
            ContendSettings.targets(from, service),
            from.duration("monitor", SECOND, HOUR),
            Threshold.merged(
                RunOptions.parsed(from, "thresholds", text -> Threshold.parse(text, Map.of())),
                options.limits()),
            options);
    from.finish();
    return settings;
  }

  /** How long the users take to come. */
  public Duration rampup() {
    return RAMP;
  }

  /** How long all steps take at most. */
  Duration hold() {
    return steps.stepTime().plus(steps.breath()).multipliedBy(steps.steps()).plus(SECOND);
  }

  /** How long the run may take, whatever the service does. */
  public Duration longest() {
    Duration load = warmup.multipliedBy(2).plus(RAMP).plus(hold());
    return load.plus(timeout.multipliedBy(4)).plus(drainWithin).plus(MARGIN);
  }

  /** The run in one sentence. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%s bids a second on one item, then %s times as many every %s s, until more than %s %% fail"
            + " or their p99 is above %d ms, at most %d steps; a warm-up of %d s is cut.",
        steps.startPerS(),
        steps.factor(),
        steps.stepTime().toMillis() / 1e3,
        steps.errorPct(),
        steps.p99Bound().toMillis(),
        steps.steps(),
        warmup.toSeconds());
  }

  private static StepSchedule.Plan steps(SettingsReader from) {
    StepSchedule.Plan plan =
        new StepSchedule.Plan(
            from.decimal("start", 1, RATE_MAX),
            from.decimal("factor", 1.01, 10),
            from.duration("step-time", SECOND, HOUR),
            from.integer("steps", 1, 100),
            from.duration("p99-bound", Duration.ofMillis(1), Duration.ofMinutes(1)),
            from.decimal("error-bound", 0, 100));
    if (from.isRight() && plan.perS(plan.steps() - 1) > RATE_MAX) {
      from.error("steps", "lead to more than a million bids a second; take fewer, or a -Dfactor");
    }
    return plan;
  }
}

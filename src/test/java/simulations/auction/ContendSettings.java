package simulations.auction;

import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import settings.SettingsReader;
import simulations.run.RunOptions;
import simulations.run.SuiteConfig;
import verdict.Threshold;

/**
 * The settings of the contended bids.
 *
 * @param plan what the users do
 * @param mix what they bid
 * @param item that all bid on; empty for one of the run's own
 * @param service an auction of the user's own
 * @param targets how the bundled auction is started
 * @param monitor time between live lines
 * @param thresholds what a good run meets
 * @param options what every simulation has
 */
public record ContendSettings(
    Plan plan,
    Bidding.Mix mix,
    Optional<String> item,
    AuctionService service,
    BundledAuction targets,
    Duration monitor,
    List<Threshold> thresholds,
    RunOptions options) {
  /** The name that users type. */
  static final String SIMULATION = "ContendedBidsSimulation";

  private static final int USERS_MAX = 50_000;
  private static final int VIEWERS_MAX = 100;
  private static final int THREADS_MAX = 1024;
  private static final int HUNDRED = 100;
  private static final String ITEM = "[A-Za-z0-9_-]{1,100}";
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofSeconds(90);

  /**
   * What the users do.
   *
   * @param users at once
   * @param spawnRate how many come a second
   * @param runTime until no new bid is begun, from the first user on
   * @param think mean time from an answer to the user's next round
   * @param warmup length of the warm-up, whole seconds
   * @param timeout how long an answer may take
   * @param viewers who watch the item
   * @param drainWithin how long accepted bids may take to every viewer and into the archive
   */
  public record Plan(
      int users,
      double spawnRate,
      Duration runTime,
      Duration think,
      Duration warmup,
      Duration timeout,
      int viewers,
      Duration drainWithin) {
    /** How long the users take to come, in whole seconds. */
    public Duration rampup() {
      return Duration.ofSeconds(Math.max(1, (long) Math.ceil(users / spawnRate)));
    }

    /** How long all of them bid. */
    public Duration hold() {
      return runTime.compareTo(rampup()) > 0 ? runTime.minus(rampup()) : Duration.ZERO;
    }
  }

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static ContendSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    AuctionService service = AuctionService.read(from, "host");
    Map<String, Double> words = new LinkedHashMap<>();
    words.put("slack", from.duration("latency-slack", Duration.ZERO, HOUR).toNanos() / 1e6);
    RunOptions options = RunOptions.read(config, SIMULATION, words);
    ContendSettings settings =
        new ContendSettings(
            plan(from),
            mix(from),
            item(from, "item"),
            service,
            targets(from, service),
            from.duration("monitor", SECOND, HOUR),
            Threshold.merged(
                RunOptions.parsed(from, "thresholds", text -> Threshold.parse(text, words)),
                options.limits()),
            options);
    settings.check(from);
    from.finish();
    return settings;
  }

  /** How long the run may take, whatever the service does. */
  public Duration longest() {
    Duration load = plan.warmup().multipliedBy(2).plus(plan.rampup()).plus(plan.runTime());
    return load.plus(plan.timeout().multipliedBy(4)).plus(plan.drainWithin()).plus(MARGIN);
  }

  /** The run in one sentence. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%,d users come over %d s and bid on one item until %d s have passed, each about %s s after"
            + " its last answer; %d %% of the bids must lose; a warm-up of %d s is cut.",
        plan.users(),
        plan.rampup().toSeconds(),
        plan.runTime().toSeconds(),
        plan.think().toMillis() / 1e3,
        mix.losersPct(),
        plan.warmup().toSeconds());
  }

  /** Reads {@code reads}, {@code losers} and {@code seed}. */
  public static Bidding.Mix mix(SettingsReader from) {
    return new Bidding.Mix(
        from.integer("reads", 0, HUNDRED),
        from.integer("losers", 0, HUNDRED - 1),
        from.wholeNumber("seed", 0, Integer.MAX_VALUE));
  }

  /**
   * Reads the name of an item.
   *
   * @param option that names it
   */
  public static Optional<String> item(SettingsReader from, String option) {
    Optional<String> item = from.optionalText(option);
    item.filter(name -> !name.matches(ITEM))
        .ifPresent(
            name ->
                from.error(option, "'" + name + "' is not 1 to 100 letters, digits, '-' or '_'"));
    return item;
  }

  /** Reads how all three parts are started, {@code bid-threads} included. */
  public static BundledAuction targets(SettingsReader from, AuctionService service) {
    return BundledAuction.read(from, service, EnumSet.allOf(AuctionPart.class))
        .with(
            AuctionPart.BIDS,
            "--threads",
            Integer.toString(from.integer("bid-threads", 1, THREADS_MAX)));
  }

  private void check(SettingsReader from) {
    if (from.isRight() && plan.hold().isZero()) {
      from.error(
          "run-time",
          "must be longer than the "
              + plan.rampup().toSeconds()
              + " s in which the users come (-Dusers divided by -Dspawn-rate)");
    }
  }

  private static Plan plan(SettingsReader from) {
    return new Plan(
        from.integer("users", 1, USERS_MAX),
        from.decimal("spawn-rate", 0.01, USERS_MAX),
        from.duration("run-time", SECOND, Duration.ofDays(1)),
        from.duration("think", Duration.ZERO, HOUR),
        from.wholeSeconds("warmup", Duration.ZERO, HOUR),
        from.duration("timeout", Duration.ofMillis(10), HOUR),
        from.integer("viewers", 0, VIEWERS_MAX),
        from.duration("drain-within", SECOND, HOUR));
  }
}

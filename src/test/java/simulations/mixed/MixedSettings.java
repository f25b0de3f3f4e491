package simulations.mixed;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import settings.SettingsReader;
import simulations.auction.AuctionService;
import simulations.auction.Bidding;
import simulations.auction.BundledAuction;
import simulations.auction.ContendSettings;
import simulations.run.RunOptions;
import simulations.run.SuiteConfig;
import verdict.Threshold;

/**
 * The settings of the mixed workload.
 *
 * @param plan who comes and what they do
 * @param mix what bidders bid
 * @param service an auction of the user's own
 * @param targets how the bundled auction is started
 * @param monitor time between live lines
 * @param thresholds what a good run meets
 * @param options what every simulation has
 */
public record MixedSettings(
    Plan plan,
    Bidding.Mix mix,
    AuctionService service,
    BundledAuction targets,
    Duration monitor,
    List<Threshold> thresholds,
    RunOptions options) {
  /** The name that users type. */
  static final String SIMULATION = "MixedWorkloadSimulation";

  private static final int USERS_MAX = 50_000;
  private static final int ITEMS_MAX = 1_000;
  private static final double SKEW_MAX = 5;
  private static final double HUNDRED = 100;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofMinutes(2);

  /**
   * Who comes and what they do.
   *
   * @param bidders who bid on one item each
   * @param viewers who watch one item each
   * @param browsers who look at another item each time
   * @param items there are
   * @param skew exponent of Zipf's law, by which users are drawn to items
   * @param rampup how long all of them take to come, whole seconds
   * @param runTime until nothing new is begun, from the first user on
   * @param think mean time from an answer to a bidder's next bid
   * @param browse mean time from an answer to a browser's next look
   * @param warmup length of the warm-up, whole seconds
   * @param timeout how long an answer may take
   * @param drainWithin how long accepted bids may take to every viewer and into the archive
   */
  public record Plan(
      int bidders,
      int viewers,
      int browsers,
      int items,
      double skew,
      Duration rampup,
      Duration runTime,
      Duration think,
      Duration browse,
      Duration warmup,
      Duration timeout,
      Duration drainWithin) {
    /** Everybody. */
    int users() {
      return bidders + viewers + browsers;
    }

    /** How long all of them are there. */
    Duration hold() {
      return runTime.compareTo(rampup) > 0 ? runTime.minus(rampup) : Duration.ZERO;
    }
  }

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static MixedSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    AuctionService service = AuctionService.read(from, "api-url");
    Map<String, Double> words = new LinkedHashMap<>();
    words.put("slack", from.duration("latency-slack", Duration.ZERO, HOUR).toNanos() / 1e6);
    RunOptions options = RunOptions.read(config, SIMULATION, words);
    MixedSettings settings =
        new MixedSettings(
            plan(from),
            ContendSettings.mix(from),
            service,
            ContendSettings.targets(from, service),
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
    Duration load = plan.warmup().multipliedBy(3).plus(plan.rampup()).plus(plan.runTime());
    return load.plus(plan.timeout().multipliedBy(4))
        .plus(plan.drainWithin().multipliedBy(2))
        .plus(MARGIN);
  }

  /** The run in one sentence. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%,d bidders, %,d viewers and %,d browsers come over %d s and stay until %d s have passed,"
            + " on %,d items by Zipf's law with exponent %s (the first draws %.0f %% of them); a"
            + " warm-up of %d s is cut.",
        plan.bidders(),
        plan.viewers(),
        plan.browsers(),
        plan.rampup().toSeconds(),
        plan.runTime().toSeconds(),
        plan.items(),
        plan.skew(),
        HUNDRED * new Zipf(plan.items(), plan.skew()).share(0),
        plan.warmup().toSeconds());
  }

  private void check(SettingsReader from) {
    if (service.isOwn() && service.socket().isEmpty()) {
      from.error("ws-url", "is missing; name where viewers of your own auction connect");
    }
    if (from.isRight() && plan.hold().isZero()) {
      from.error(
          "run-time",
          "must be longer than the "
              + plan.rampup().toSeconds()
              + " s in which the users come (-Drampup)");
    }
  }

  private static Plan plan(SettingsReader from) {
    return new Plan(
        from.integer("bidders", 1, USERS_MAX),
        from.integer("viewers", 0, USERS_MAX),
        from.integer("browsers", 0, USERS_MAX),
        from.integer("items", 1, ITEMS_MAX),
        from.decimal("skew", 0, SKEW_MAX),
        from.wholeSeconds("rampup", SECOND, HOUR),
        from.duration("run-time", SECOND, Duration.ofDays(1)),
        from.duration("think", Duration.ZERO, HOUR),
        from.duration("browse", Duration.ZERO, HOUR),
        from.wholeSeconds("warmup", Duration.ZERO, HOUR),
        from.duration("timeout", Duration.ofMillis(10), HOUR),
        from.duration("drain-within", SECOND, HOUR));
  }
}

package simulations.fanout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import kpi.PowerLaw;
import settings.SettingsReader;
import simulations.auction.AuctionPart;
import simulations.auction.AuctionService;
import simulations.auction.BundledAuction;
import simulations.auction.ContendSettings;
import simulations.run.RunOptions;
import simulations.run.SuiteConfig;
import verdict.Threshold;

/**
 * The settings of the fan-out.
 *
 * @param plan what viewers and bidder do
 * @param item that is watched; empty for one of the run's own
 * @param service an auction of the user's own
 * @param targets how the bundled auction is started
 * @param seed told in the manifest; nothing here is random
 * @param monitor time between live lines
 * @param thresholds what a good run meets
 * @param options what every simulation has
 */
public record FanOutSettings(
    Plan plan,
    Optional<String> item,
    AuctionService service,
    BundledAuction targets,
    long seed,
    Duration monitor,
    List<Threshold> thresholds,
    RunOptions options) {
  /** Viewers times bids, over all steps: an int is kept for each. */
  public static final long CELLS_MAX = 50_000_000;

  /** The name that users type. */
  static final String SIMULATION = "FanOutSimulation";

  private static final int VIEWERS_MAX = 200_000;
  private static final int BIDS_MAX = 100_000;
  private static final int WARM_UP_VIEWERS_MAX = 100;
  private static final int WARM_UP_BIDS_MAX = 10_000;
  private static final Duration WARM_UP_INTERVAL = Duration.ofMillis(10);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofSeconds(90);
  private static final String GROWTH = "lag_growth_exponent < 1";

  /**
   * What viewers and bidder do.
   *
   * @param viewers of each step, in the order of the steps
   * @param rampup how long the most viewers take to come; fewer take a share of it
   * @param bids made for the viewers of each step
   * @param interval from one bid to the next
   * @param warmup length of the warm-up, whole seconds
   * @param timeout how long an answer to a bid may take
   * @param joinWithin how long viewers may take to be there after their ramp
   * @param drainWithin how long the last bid may take to the last viewer
   */
  public record Plan(
      List<Integer> viewers,
      Duration rampup,
      int bids,
      Duration interval,
      Duration warmup,
      Duration timeout,
      Duration joinWithin,
      Duration drainWithin) {
    /** The most viewers of any step. */
    public int mostViewers() {
      return viewers.stream().mapToInt(Integer::intValue).max().orElse(1);
    }

    /** How long so many viewers take to come, whole seconds. */
    Duration rampup(int count) {
      double share = (double) count / mostViewers();
      return Duration.ofSeconds(Math.max(1, (long) Math.ceil(rampup.toSeconds() * share)));
    }

    /** Viewers of the warm-up: few, so that there can be many bids. */
    int warmUpViewers() {
      return Math.min(WARM_UP_VIEWERS_MAX, mostViewers());
    }

    /** Half of the warm-up its viewers come, the other half they see bids. */
    Duration warmUpRamp() {
      return Duration.ofSeconds(Math.max(1, warmup.toSeconds() / 2));
    }

    /** The time from bid to bid in the warm-up: ten a second would leave the bid service cold. */
    Duration warmUpInterval() {
      return interval.compareTo(WARM_UP_INTERVAL) < 0 ? interval : WARM_UP_INTERVAL;
    }

    /** Bids of the warm-up. */
    int warmUpBids() {
      long fit = warmup.minus(warmUpRamp()).toNanos() / warmUpInterval().toNanos();
      return (int) Math.min(WARM_UP_BIDS_MAX, Math.max(1, fit));
    }

    /** How long a viewer stays at most. */
    Duration patience(Duration ramp, Duration bidding) {
      return ramp.plus(joinWithin).plus(bidding).plus(timeout).plus(drainWithin);
    }
  }

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static FanOutSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    AuctionService service = AuctionService.read(from, "api-url");
    Map<String, Double> words = new LinkedHashMap<>();
    words.put("slack", from.duration("lag-slack", Duration.ZERO, HOUR).toNanos() / 1e6);
    RunOptions options = RunOptions.read(config, SIMULATION, words);
    Plan plan = plan(from);
    BundledAuction bundled =
        BundledAuction.read(from, service, EnumSet.of(AuctionPart.BIDS, AuctionPart.BROADCAST));
    List<Threshold> own =
        new ArrayList<>(
            RunOptions.parsed(from, "thresholds", text -> Threshold.parse(text, words)));
    if (plan.viewers().size() >= PowerLaw.LEAST_POINTS) {
      own.add(Threshold.parse(GROWTH, words));
    }
    FanOutSettings settings =
        new FanOutSettings(
            plan,
            ContendSettings.item(from, "item-id"),
            service,
            bundled.with(
                AuctionPart.BROADCAST,
                "--max-viewers",
                Integer.toString(2 * (plan.mostViewers() + WARM_UP_VIEWERS_MAX))),
            from.wholeNumber("seed", 0, Integer.MAX_VALUE),
            from.duration("monitor", SECOND, HOUR),
            Threshold.merged(own, options.limits()),
            options);
    settings.check(from);
    from.finish();
    return settings;
  }

  /** How long the run may take, whatever the service does. */
  public Duration longest() {
    Duration bidding = plan.interval().multipliedBy(plan.bids());
    Duration all = plan.patience(plan.warmup(), plan.warmup()).plus(MARGIN);
    for (int count : plan.viewers()) {
      all = all.plus(plan.patience(plan.rampup(count), bidding));
    }
    return all;
  }

  /** The run in one sentence. */
  public String sentence() {
    String viewers =
        plan.viewers().stream()
            .map(count -> String.format(Locale.ROOT, "%,d", count))
            .collect(Collectors.joining(", then "));
    return String.format(
        Locale.ROOT,
        "%s viewers watch one item and see %,d bids, one each %d ms by an open schedule; a"
            + " warm-up of %d s is cut.",
        viewers,
        plan.bids(),
        plan.interval().toMillis(),
        plan.warmup().toSeconds());
  }

  private void check(SettingsReader from) {
    if (service.isOwn() && service.socket().isEmpty()) {
      from.error("ws-url", "is missing; name where viewers of your own auction connect");
    }
    long cells = plan.viewers().stream().mapToLong(count -> (long) count * plan.bids()).sum();
    if (cells > CELLS_MAX) {
      from.error(
          "bids",
          String.format(
              Locale.ROOT,
              "with these viewers makes %,d lags, and at most %,d are kept; take fewer bids",
              cells,
              CELLS_MAX));
    }
  }

  private static Plan plan(SettingsReader from) {
    int connections = from.integer("connections", 1, VIEWERS_MAX);
    List<Integer> steps = RunOptions.parsed(from, "steps", FanOutSettings::step);
    return new Plan(
        steps.isEmpty() ? List.of(connections) : steps,
        from.wholeSeconds("rampup", SECOND, HOUR),
        from.integer("bids", 1, BIDS_MAX),
        from.millis("interval", Duration.ofMillis(1), HOUR),
        from.wholeSeconds("warmup", Duration.ZERO, HOUR),
        from.duration("timeout", Duration.ofMillis(10), HOUR),
        from.duration("join-within", SECOND, HOUR),
        from.duration("drain-within", SECOND, HOUR));
  }

  private static int step(String text) {
    if (text.matches("[0-9]{1,6}")) {
      int count = Integer.parseInt(text);
      if (count >= 1 && count <= VIEWERS_MAX) {
        return count;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a number of viewers from 1 to " + VIEWERS_MAX);
  }
}

package simulations.fanout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import kpi.Phase;
import kpi.PowerLaw;
import settings.SettingsReader;
import simulations.auction.AuctionSettings;
import simulations.auction.AuctionTargets.Part;
import simulations.run.CommonSettings;
import simulations.run.RunOptions;
import simulations.run.SimulationSettings;
import simulations.run.SuiteConfig;
import verdict.Threshold;

/**
 * The settings of the fan-out.
 *
 * @param common the settings of every simulation
 * @param auction the settings of every simulation of the auction
 * @param plan of viewers and bidder
 * @param item that is viewed; empty for one of the run's own
 */
public record FanOutSettings(
    CommonSettings common, AuctionSettings auction, Plan plan, Optional<String> item)
    implements SimulationSettings {
  /** Viewers times bids, over all steps: an amount and a lag are kept for each. */
  public static final long CELLS_MAX = 50_000_000;

  private static final int VIEWERS_MAX = 200_000;
  private static final int BIDS_MAX = 100_000;
  private static final int WARM_UP_VIEWERS_MAX = 100;
  private static final int WARM_UP_BIDS_MAX = 10_000;
  private static final Duration WARM_UP_INTERVAL = Duration.ofMillis(10);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofSeconds(90);

  /**
   * The plan of viewers and bidder.
   *
   * @param viewers of each step, in the order of the steps
   * @param rampup how long the most viewers take to arrive; fewer take a share of it
   * @param bids made for the viewers of each step
   * @param interval from one bid to the next
   * @param joinWithin how long viewers may take to connect after their ramp
   */
  public record Plan(
      List<Integer> viewers, Duration rampup, int bids, Duration interval, Duration joinWithin) {
    /** Returns the most viewers of any step. */
    int mostViewers() {
      return viewers.stream().mapToInt(Integer::intValue).max().orElse(1);
    }
  }

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static FanOutSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    double slackMs = from.duration("lag-slack", Duration.ZERO, HOUR).toNanos() / 1e6;
    CommonSettings common =
        CommonSettings.read(config, "FanOutSimulation", Map.of("slack", slackMs));
    Plan plan = plan(from);
    if (plan.viewers().size() >= PowerLaw.LEAST_POINTS) {
      common = common.withOwn(FanOutSettings::withGrowth);
    }
    String viewersMax = Integer.toString(2 * (plan.mostViewers() + WARM_UP_VIEWERS_MAX));
    FanOutSettings settings =
        new FanOutSettings(
            common,
            AuctionSettings.read(from, "api-url", EnumSet.of(Part.BIDS, Part.BROADCAST))
                .with(Part.BROADCAST, "--max-viewers", viewersMax),
            plan,
            AuctionSettings.item(from, "item-id"));
    settings.auction.checkSocket(from);
    settings.check(from);
    from.finish();
    return settings;
  }

  /** Returns the plans of the measured steps. */
  List<Step.Plan> steps() {
    return plan.viewers().stream()
        .map(
            count -> {
              double share = (double) count / plan.mostViewers();
              long rampS = Math.max(1, (long) Math.ceil(plan.rampup().toSeconds() * share));
              return new Step.Plan(
                  Phase.MEASURE, count, Duration.ofSeconds(rampS), plan.bids(), plan.interval());
            })
        .toList();
  }

  /**
   * Returns the plan of the warm-up: few viewers arrive for half of it, so that there can be many
   * bids in the other half, for ten a second would leave the bid service cold.
   */
  Step.Plan warmUpStep() {
    Duration ramp = Duration.ofSeconds(Math.max(1, common.warmup().toSeconds() / 2));
    Duration interval =
        plan.interval().compareTo(WARM_UP_INTERVAL) < 0 ? plan.interval() : WARM_UP_INTERVAL;
    long bids = common.warmup().minus(ramp).toNanos() / interval.toNanos();
    return new Step.Plan(
        Phase.WARM_UP,
        Math.min(WARM_UP_VIEWERS_MAX, plan.mostViewers()),
        ramp,
        (int) Math.min(WARM_UP_BIDS_MAX, Math.max(1, bids)),
        interval);
  }

  /** Returns how long a viewer of a step stays at most. */
  Duration stay(Step.Plan step) {
    return step.rampup()
        .plus(plan.joinWithin())
        .plus(step.bidding())
        .plus(auction.timeout())
        .plus(auction.drainWithin());
  }

  @Override
  public Duration longest() {
    return steps().stream().map(this::stay).reduce(stay(warmUpStep()).plus(MARGIN), Duration::plus);
  }

  @Override
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
        common.warmup().toSeconds());
  }

  private static List<Threshold> withGrowth(List<Threshold> own) {
    List<Threshold> all = new ArrayList<>(own);
    all.add(Threshold.parse("lag_growth_exponent < 1", Map.of()));
    return all;
  }

  private void check(SettingsReader from) {
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
        from.duration("join-within", SECOND, HOUR));
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

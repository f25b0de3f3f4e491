package simulations.fanout;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kpi.Phase;
import settings.Checked;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.auction.AuctionSettings;
import simulations.auction.AuctionTargets.Part;
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.SuiteConfig;
import verdict.Numbers;
import verdict.Threshold;

/** The settings of the fan-out. */
public record FanOutSettings(CommonSettings common, AuctionSettings auction, Plan plan)
    implements SimulationSettings {
  /** Viewers times bids, over all steps: an amount and a lag are kept for each. */
  private static final long CELLS_MAX = 50_000_000;

  /** Twice as many viewers may not wait twice as long; of steps that are enough to tell. */
  private static final Threshold GROWTH = Threshold.parse("lag_growth_exponent < 1", Map.of());

  private static final int WARM_UP_VIEWERS_MAX = 100;
  private static final int WARM_UP_BIDS_MAX = 10_000;
  private static final Duration WARM_UP_INTERVAL = Duration.ofMillis(10);
  private static final Duration MARGIN = Duration.ofSeconds(90);

  /**
   * The plan of viewers and bidder.
   *
   * @param connections viewers of the only step, if there are no steps
   * @param steps viewers of each step
   * @param rampup how long the most viewers take to arrive; fewer take a share of it
   * @param bids made for the viewers of each step
   * @param joinWithin how long viewers may take to connect after their ramp
   * @param itemId that is viewed; empty for one of the run's own
   */
  record Plan(
      @Option(in = "1..200000") int connections,
      @Option(in = "1..200000") List<Integer> steps,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1..100000") int bids,
      @Option(in = "1ms..1h", form = Form.MILLIS) Duration interval,
      @Option(in = "1s..1h") Duration joinWithin,
      @Option(in = "0..1h", word = "slack") Duration lagSlack,
      @Option(matches = AuctionSettings.ITEM, otherwise = AuctionSettings.NO_ITEM)
          Optional<String> itemId)
      implements Checked {
    List<Integer> viewers() {
      return steps.isEmpty() ? List.of(connections) : steps;
    }

    int mostViewers() {
      return viewers().stream().mapToInt(Integer::intValue).max().orElse(1);
    }

    @Override
    public void check(SettingsReader from) {
      long cells = viewers().stream().mapToLong(count -> (long) count * bids).sum();
      if (cells > CELLS_MAX) {
        from.error(
            "bids",
            Numbers.sentence(
                "with these viewers makes %s lags, and at most %s are kept; take fewer bids",
                cells, CELLS_MAX));
      }
    }
  }

  /** Reads the settings, or throws BadSettings with every wrong value. */
  public static FanOutSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    Plan plan = from.read(Plan.class);
    boolean grows = plan.viewers().size() >= LagByBid.GROWTH_STEPS;
    List<Threshold> expected = grows ? List.of(GROWTH) : List.of();
    CommonSettings common =
        CommonSettings.read(config, AuctionSettings.REQUEST, new CommonSettings.Part(expected));
    int viewersMax = 2 * (plan.mostViewers() + WARM_UP_VIEWERS_MAX);
    Set<Part> parts = EnumSet.of(Part.BIDS, Part.BROADCAST);
    AuctionSettings auction = AuctionSettings.read(from, "api-url", parts, Optional.of(viewersMax));
    auction.checkSocket(from);
    from.finish();
    return new FanOutSettings(common, auction, plan);
  }

  List<Step.Plan> steps() {
    return plan.viewers().stream().map(this::step).toList();
  }

  private Step.Plan step(int viewers) {
    double share = (double) viewers / plan.mostViewers();
    long rampS = Math.max(1, (long) Math.ceil(plan.rampup().toSeconds() * share));
    return new Step.Plan(
        Phase.MEASURE, viewers, Duration.ofSeconds(rampS), plan.bids(), plan.interval());
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
        .plus(auction.service().timeout())
        .plus(auction.service().drainWithin());
  }

  @Override
  public Duration longest() {
    return steps().stream().map(this::stay).reduce(stay(warmUpStep()).plus(MARGIN), Duration::plus);
  }

  @Override
  public String description() {
    return Numbers.sentence(
        "%s viewers watch one item and see %s bids, one every %s by an open schedule",
        plan.viewers(), plan.bids(), plan.interval());
  }
}

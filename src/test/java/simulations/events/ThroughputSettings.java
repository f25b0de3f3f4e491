package simulations.events;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.SuiteConfig;

/** The settings of the throughput simulation. */
public record ThroughputSettings(CommonSettings common, EventsSettings events, Plan plan)
    implements SimulationSettings {
  private static final double FLOOR_SINGLE = 1_000;
  private static final double FLOOR_CLIENT = 100;
  private static final double FLOOR_MANY = 10_000;
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /**
   * The plan of the three stages.
   *
   * @param single how long the single client reads at full speed
   * @param clients of the other two stages
   * @param rampup how long they take to arrive
   * @param hold how long all of them read at once
   * @param delay time between two events of each of them
   * @param paced how long they read streams of a slower pace
   * @param interval time between two events of these
   * @param count events of each of these streams
   * @param resumers share of these streams that are left in the middle and resumed, in per cent
   * @param gapSlack value of the word slack in thresholds
   */
  record Plan(
      @Option(in = "1s..1h") Duration single,
      @Option(in = "1..50000") int clients,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1s..24h") Duration hold,
      @Option(in = "0..1m", form = Form.MILLIS) Duration delay,
      @Option(in = "1s..24h") Duration paced,
      @Option(in = "1ms..1m", form = Form.MILLIS) Duration interval,
      @Option(in = "2..100000") int count,
      @Option(in = "0..100") int resumers,
      @Option(in = "0..1h") Duration gapSlack) {
    Duration stream() {
      return interval.multipliedBy(count);
    }
  }

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static ThroughputSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    EventsSettings events = from.read(EventsSettings.class);
    Plan plan = from.read(Plan.class);
    Map<String, Double> words =
        Map.of(
            "interval", EventsSettings.ms(plan.interval),
            "slack", EventsSettings.ms(plan.gapSlack),
            "single-floor", FLOOR_SINGLE,
            "many-floor", Math.min(FLOOR_MANY, FLOOR_CLIENT * plan.clients));
    CommonSettings common = events.common(config, "ThroughputSimulation", words);
    from.finish();
    return new ThroughputSettings(common, events, plan);
  }

  /** Returns the least rate of the single client; below any if the server need not keep a plan. */
  double singleFloor() {
    return events.isPlanned() ? FLOOR_SINGLE : 0;
  }

  /** Returns the number of the warm-up's clients. */
  public int warmUpClients() {
    return EventsSettings.warmUpClients(plan.clients);
  }

  @Override
  public Duration longest() {
    Duration each = plan.rampup.plus(events.timeout()).plus(MARGIN);
    return common
        .warmup()
        .plus(plan.single.plus(plan.hold).plus(plan.paced).plus(plan.stream()))
        .plus(each.multipliedBy(3));
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "One client reads for %d s as fast as it can; then %,d clients read an event every %d ms"
            + " for %d s, and streams of %,d events, one every %d ms, for %d s; a warm-up of %d s"
            + " is cut.",
        plan.single.toSeconds(),
        plan.clients,
        plan.delay.toMillis(),
        plan.hold.toSeconds(),
        plan.count,
        plan.interval.toMillis(),
        plan.paced.toSeconds(),
        common.warmup().toSeconds());
  }
}

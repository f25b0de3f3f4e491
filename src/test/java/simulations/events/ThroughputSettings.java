package simulations.events;

import java.time.Duration;
import java.util.Map;
import settings.Option;
import settings.Option.Form;

/**
 * The three stages of the throughput simulation.
 *
 * @param single how long the single client reads at full speed
 * @param clients of the other two stages
 * @param rampup how long they take to arrive
 * @param hold how long all of them read at once
 * @param delay time between two events of each of them
 * @param paced how long they read streams of a slower pace
 * @param pace time between two events of these
 * @param count events of each of these streams
 * @param resumers share of these streams that are left in the middle and resumed, in per cent
 * @param gapSlack how much longer than that a gap may be
 */
public record ThroughputSettings(
    @Option(in = "1s..1h") Duration single,
    @Option(in = "1..50000") int clients,
    @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
    @Option(in = "1s..24h") Duration hold,
    @Option(in = "0..1m", form = Form.MILLIS) Duration delay,
    @Option(in = "1s..24h") Duration paced,
    @Option(name = "interval", word = "interval", in = "1ms..1m", form = Form.MILLIS) Duration pace,
    @Option(in = "2..100000") int count,
    @Option(in = "0..100") int resumers,
    @Option(in = "0..1h", word = "slack") Duration gapSlack)
    implements EventsSettings.Plan {
  /** The least rate of the single client. */
  static final double FLOOR_SINGLE = 1_000;

  private static final double FLOOR_CLIENT = 100;
  private static final double FLOOR_MANY = 10_000;

  Duration stream() {
    return pace.multipliedBy(count);
  }

  @Override
  public Map<String, Double> words() {
    return Map.of(
        "single-floor", FLOOR_SINGLE, "many-floor", Math.min(FLOOR_MANY, FLOOR_CLIENT * clients));
  }

  @Override
  public Duration longest(EventsSettings.Server server) {
    Duration each = rampup.plus(server.timeout());
    return single.plus(hold).plus(paced).plus(stream()).plus(each.multipliedBy(3));
  }
}

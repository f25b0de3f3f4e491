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

/** The settings of the backpressure simulation. */
public record BackpressureSettings(CommonSettings common, EventsSettings events, Plan plan)
    implements SimulationSettings {
  private static final Duration MARGIN = Duration.ofSeconds(60);

  /**
   * The plan of the three stages.
   *
   * @param clients fast ones, who read at the pace of the interval
   * @param rampup how long they take to arrive
   * @param alone how long they read alone
   * @param hold how long they read beside slow and frozen clients
   * @param interval time between two of their events
   * @param gapSlack how much later than that an event may be until it is overdue
   * @param slow clients that read less than the server could send
   * @param slowRate KB that each of these reads a second
   * @param frozen clients that stop reading
   * @param sendTimeout after which the server closes those
   * @param unaffected least share of the time without overdue events that is left beside them, in
   *     per cent
   * @param connects clients a second that come and leave in the middle of a stream
   * @param churn how long they do
   */
  record Plan(
      @Option(in = "1..10000") int clients,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1s..24h") Duration alone,
      @Option(in = "1s..24h") Duration hold,
      @Option(in = "1ms..1m", form = Form.MILLIS) Duration interval,
      @Option(in = "0..1h") Duration gapSlack,
      @Option(in = "0..1000") int slow,
      @Option(in = "1..1000000") int slowRate,
      @Option(in = "0..1000") int frozen,
      @Option(in = "1s..1h") Duration sendTimeout,
      @Option(in = "0..100") double unaffected,
      @Option(in = "1..10000") int connects,
      @Option(in = "1s..24h", form = Form.SECONDS) Duration churn) {
    /** Returns how long a frozen client reads nothing: the server looks a few times a second. */
    Duration freeze() {
      return sendTimeout.multipliedBy(3).dividedBy(2).plusSeconds(1);
    }

    Duration onTime() {
      return interval.plus(gapSlack);
    }
  }

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static BackpressureSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    EventsSettings events = from.read(EventsSettings.class);
    Plan plan = from.read(Plan.class);
    Map<String, Double> words =
        Map.of(
            "interval", EventsSettings.ms(plan.interval),
            "slack", EventsSettings.ms(plan.gapSlack));
    CommonSettings common = events.common(config, "BackpressureSimulation", words);
    from.finish();
    return new BackpressureSettings(common, events, plan);
  }

  /** Returns the number of fast clients. */
  public int clients() {
    return plan.clients;
  }

  @Override
  public Duration longest() {
    Duration stages = plan.alone.plus(plan.hold).plus(plan.churn).plus(plan.freeze());
    Duration each = plan.rampup.plus(events.timeout());
    return common.warmup().plus(stages).plus(each.multipliedBy(3)).plus(MARGIN);
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%,d fast clients read an event every %d ms for %d s alone and for %d s beside %,d slow and"
            + " %,d frozen ones; then %,d clients a second come and go for %d s; a warm-up of %d s"
            + " is cut.",
        plan.clients,
        plan.interval.toMillis(),
        plan.alone.toSeconds(),
        plan.hold.toSeconds(),
        plan.slow,
        plan.frozen,
        plan.connects,
        plan.churn.toSeconds(),
        common.warmup().toSeconds());
  }
}

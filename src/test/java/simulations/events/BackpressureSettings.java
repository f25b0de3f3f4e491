package simulations.events;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import settings.Option;
import settings.Option.Form;
import simulations.run.SuiteConfig;

/**
 * The three stages of the backpressure simulation.
 *
 * @param clients fast ones, which read every event as it is sent
 * @param rampup how long they take to arrive
 * @param alone how long they read alone
 * @param hold how long they read beside slow and frozen clients
 * @param pace time between two of their events
 * @param gapSlack how much later than that an event may be until it is overdue
 * @param slow clients that read less than the server could send
 * @param slowRate KB that each of these reads a second
 * @param frozen clients that stop reading
 * @param sendTimeout after which the server closes those
 * @param unaffected least share of the time without overdue events that is left beside them, in per
 *     cent
 * @param connects clients a second that come and leave in the middle of a stream
 * @param churn how long they do
 */
public record BackpressureSettings(
    @Option(in = "1..10000") int clients,
    @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
    @Option(in = "1s..24h") Duration alone,
    @Option(in = "1s..24h") Duration hold,
    @Option(name = "interval", in = "1ms..1m", form = Form.MILLIS) Duration pace,
    @Option(in = "0..1h") Duration gapSlack,
    @Option(in = "0..1000") int slow,
    @Option(in = "1..1000000") int slowRate,
    @Option(in = "0..1000") int frozen,
    @Option(in = "1s..1h") Duration sendTimeout,
    @Option(in = "0..100") double unaffected,
    @Option(in = "1..10000") int connects,
    @Option(in = "1s..24h", form = Form.SECONDS) Duration churn)
    implements EventsSettings.Plan {
  /** Reads the settings, or throws BadSettings with every wrong value. */
  public static EventsSettings<BackpressureSettings> read(SuiteConfig config) {
    return EventsSettings.read(config, "BackpressureSimulation", BackpressureSettings.class);
  }

  /** Returns how long a frozen client reads nothing: the server looks a few times a second. */
  Duration freeze() {
    return sendTimeout.multipliedBy(3).dividedBy(2).plusSeconds(1);
  }

  Duration onTime() {
    return pace.plus(gapSlack);
  }

  @Override
  public Map<String, Double> words() {
    return Map.of("interval", EventsSettings.ms(pace), "slack", EventsSettings.ms(gapSlack));
  }

  @Override
  public Duration longest(EventsSettings.Server server) {
    Duration each = rampup.plus(server.timeout());
    return alone.plus(hold).plus(churn).plus(freeze()).plus(each.multipliedBy(3));
  }

  @Override
  public String sentence(EventsSettings.Server server) {
    return String.format(
        Locale.ROOT,
        "%,d fast clients read an event every %d ms for %d s alone and for %d s beside %,d slow and"
            + " %,d frozen ones; then %,d clients a second come and go for %d s",
        clients,
        pace.toMillis(),
        alone.toSeconds(),
        hold.toSeconds(),
        slow,
        frozen,
        connects,
        churn.toSeconds());
  }
}

package simulations.events;

import java.time.Duration;
import settings.Option;
import settings.Option.Form;

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
    @Option(name = "interval", word = "interval", in = "1ms..1m", form = Form.MILLIS) Duration pace,
    @Option(in = "0..1h", word = "slack") Duration gapSlack,
    @Option(in = "0..1000") int slow,
    @Option(in = "1..1000000") int slowRate,
    @Option(in = "0..1000") int frozen,
    @Option(in = "1s..1h") Duration sendTimeout,
    @Option(in = "0..100") double unaffected,
    @Option(in = "1..10000") int connects,
    @Option(in = "1s..24h", form = Form.SECONDS) Duration churn)
    implements EventsSettings.Plan {
  /** Returns how long a frozen client reads nothing: the server looks a few times a second. */
  Duration freeze() {
    return sendTimeout.multipliedBy(3).dividedBy(2).plusSeconds(1);
  }

  Duration onTime() {
    return pace.plus(gapSlack);
  }

  @Override
  public Duration longest(EventsSettings.Server server) {
    Duration each = rampup.plus(server.timeout());
    return alone.plus(hold).plus(churn).plus(freeze()).plus(each.multipliedBy(3));
  }
}

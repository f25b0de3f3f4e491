package simulations.events;

import java.time.Duration;
import settings.Option;
import settings.Option.Form;
import simulations.run.Arrivals;

/**
 * The load of clients of one broadcast, who resume it whenever they are cut off.
 *
 * @param hold time after the ramp in which events are published
 * @param pace from one event to the next
 */
public record ResumeSettings(
    @Option(in = "1..50000") int clients,
    @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
    @Option(in = "1s..1d") Duration hold,
    @Option(name = "interval", in = "1ms..1m", form = Form.MILLIS) Duration pace)
    implements EventsSettings.Plan {
  int count() {
    return (int) hold.dividedBy(pace);
  }

  /** Returns the arrivals of the clients. */
  public Arrivals.Plan arrivals() {
    return new Arrivals.Plan(clients, rampup, hold);
  }

  @Override
  public Duration longest(EventsSettings.Server server) {
    return rampup.plus(hold).plus(server.timeout().multipliedBy(2));
  }
}

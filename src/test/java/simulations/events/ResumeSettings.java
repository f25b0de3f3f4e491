package simulations.events;

import java.time.Duration;
import java.util.Locale;
import settings.Option;
import settings.Option.Form;
import simulations.run.Arrivals;
import simulations.run.SuiteConfig;

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
  /** Reads the settings, or throws BadSettings with every wrong value. */
  public static EventsSettings<ResumeSettings> read(SuiteConfig config) {
    return EventsSettings.read(config, "ResilienceSimulation", ResumeSettings.class);
  }

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

  @Override
  public String sentence(EventsSettings.Server server) {
    return String.format(
        Locale.ROOT,
        "%,d clients arrive over %d s, then each gets %,d events of one broadcast, one every %d ms",
        clients,
        rampup.toSeconds(),
        count(),
        pace.toMillis());
  }
}

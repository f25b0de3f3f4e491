package simulations.events;

import java.time.Duration;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;

/**
 * The load of the memory simulation.
 *
 * @param rampup how long the clients take to arrive
 * @param duration how long they then stream, one connection after the other
 * @param session length of each stream, after which its client disconnects
 * @param pace time between two events of a stream
 */
public record MemorySettings(
    @Option(in = "1..50000") int clients,
    @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
    @Option(in = "1s..90d") Duration duration,
    @Option(in = "10ms..24h") Duration session,
    @Option(name = "delay", word = "delay", in = "1ms..1m", form = Form.MILLIS) Duration pace)
    implements EventsSettings.Plan {
  @Override
  public void check(EventsSettings.Server server, SettingsReader from) {
    if (pace.compareTo(session) > 0) {
      from.error("delay", "must not be longer than a session, which then has no event");
    }
  }

  int count() {
    return (int) session.dividedBy(pace);
  }

  @Override
  public Duration longest(EventsSettings.Server server) {
    Duration last = session.plus(server.timeout()).multipliedBy(2);
    return rampup.plus(duration).plus(last);
  }
}

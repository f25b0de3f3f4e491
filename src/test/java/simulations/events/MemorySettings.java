package simulations.events;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import settings.Checked;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.SuiteConfig;

/** The settings of the memory simulation. */
public record MemorySettings(CommonSettings common, EventsSettings events, Plan plan)
    implements SimulationSettings {
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /**
   * The plan of the load.
   *
   * @param rampup how long the clients take to arrive
   * @param duration how long they then stream, one connection after the other
   * @param session length of each stream, after which its client disconnects
   * @param delay time between two events of a stream
   */
  public record Plan(
      @Option(in = "1..50000") int clients,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1s..90d") Duration duration,
      @Option(in = "10ms..24h") Duration session,
      @Option(in = "1ms..1m", form = Form.MILLIS) Duration delay)
      implements Checked {
    @Override
    public void check(SettingsReader from) {
      if (delay.compareTo(session) > 0) {
        from.error("delay", "must not be longer than a session, which then has no event");
      }
    }

    int count() {
      return (int) session.dividedBy(delay);
    }
  }

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static MemorySettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    EventsSettings events = from.read(EventsSettings.class);
    Plan plan = from.read(Plan.class);
    Map<String, Double> words = Map.of("delay", EventsSettings.ms(plan.delay));
    CommonSettings common = events.common(config, "MemoryStabilitySimulation", words);
    from.finish();
    return new MemorySettings(common, events, plan);
  }

  @Override
  public Duration longest() {
    return common
        .warmup()
        .plus(plan.rampup)
        .plus(plan.duration)
        .plus(plan.session.plus(events.timeout()).multipliedBy(2))
        .plus(MARGIN);
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%,d clients arrive over %d s and stream for %,d s; each disconnects after %,d events, one"
            + " every %d ms, and connects anew; a warm-up of %d s is cut.",
        plan.clients,
        plan.rampup.toSeconds(),
        plan.duration.toSeconds(),
        plan.count(),
        plan.delay.toMillis(),
        common.warmup().toSeconds());
  }
}

package simulations.events;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.run.Arrivals;
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.SuiteConfig;
import verdict.Numbers;

/**
 * The settings of the watcher simulation.
 *
 * @param steps numbers of connections, one after the other
 */
public record WatcherSettings(
    CommonSettings common, EventsSettings events, Plan plan, List<Integer> steps)
    implements SimulationSettings {
  static final int STEP_MAX = 50_000;

  private static final Duration MARGIN = Duration.ofSeconds(30);

  /** In less time a single late arrival is one of the whole rate. */
  private static final int RAMPUP_MIN_S = 2;

  /**
   * The plan of every step, and of the churn after them.
   *
   * @param rate connections a second while a step's clients arrive, and in the churn
   * @param count events published to all clients of a step
   * @param interval time between two of them
   * @param churn length of the churn, whole seconds; 0 for none
   * @param threadsMax most threads of the server, however many connections it has
   */
  record Plan(
      @Option(in = "1..5000") int rate,
      @Option(in = "1..5000") int churnRate,
      @Option(in = "0..1h", form = Form.SECONDS) Duration churn,
      @Option(in = "1..100000") int count,
      @Option(in = "1ms..1m", form = Form.MILLIS) Duration interval,
      @Option(in = "1..10000") int threadsMax) {
    Duration publishing() {
      return interval.multipliedBy(count);
    }
  }

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static WatcherSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    EventsSettings events = from.read(EventsSettings.class);
    Plan plan = from.read(Plan.class);
    List<Integer> steps = from.list("steps", WatcherSettings::step);
    if (steps.isEmpty() || steps.stream().distinct().count() < steps.size()) {
      from.error("steps", "must be different numbers of connections, such as 100,1000");
    }
    CommonSettings common = events.common(config, "WatcherScaleSimulation", Map.of());
    from.finish();
    return new WatcherSettings(common, events, plan, steps);
  }

  private static int step(String text) {
    if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > STEP_MAX) {
      String sentence = "'%s' is not a number of connections from 1 to %d";
      throw new IllegalArgumentException(sentence.formatted(text, STEP_MAX));
    }
    return Integer.parseInt(text);
  }

  /** Returns the arrivals of a step. */
  Arrivals.Plan arrivals(int clients) {
    Duration rampup =
        Duration.ofSeconds(Math.max(RAMPUP_MIN_S, (clients + plan.rate - 1) / plan.rate));
    return new Arrivals.Plan(clients, rampup, plan.publishing());
  }

  /** Returns the arrivals of the churn. */
  Arrivals.Plan churn() {
    int clients = (int) (plan.churnRate * plan.churn.toSeconds());
    return new Arrivals.Plan(clients, plan.churn, Duration.ZERO);
  }

  /** Returns the number of the warm-up's clients. */
  public int warmUpClients() {
    return EventsSettings.warmUpClients(steps.get(0));
  }

  /** Returns the longest time of a step after its clients have arrived. */
  Duration step() {
    return plan.publishing().plus(events.timeout().multipliedBy(2));
  }

  @Override
  public Duration longest() {
    Duration all = common.warmup().plus(plan.churn).plus(events.timeout()).plus(MARGIN);
    for (int clients : steps) {
      all = all.plus(arrivals(clients).rampup()).plus(step());
    }
    return all;
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%s clients connect, %,d a second; when all are there each gets %,d events, one every %d"
            + " ms; then clients come and go for %d s, %,d a second; a warm-up of %d s is cut.",
        steps.stream().map(Numbers::count).collect(Collectors.joining(", then ")),
        plan.rate,
        plan.count,
        plan.interval.toMillis(),
        plan.churn.toSeconds(),
        plan.churnRate,
        common.warmup().toSeconds());
  }
}

package simulations.events;

import java.time.Duration;
import java.util.List;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.run.Arrivals;

/**
 * The steps of the watcher simulation, and the churn after them.
 *
 * @param rate connections a second while a step's clients arrive, and in the churn
 * @param churn length of the churn, whole seconds; 0 for none
 * @param count events published to all clients of a step
 * @param interval time between two of them
 * @param threadsMax most threads of the server, however many connections it has
 * @param steps numbers of connections, one after the other
 */
public record WatcherSettings(
    @Option(in = "1..5000") int rate,
    @Option(in = "1..5000") int churnRate,
    @Option(in = "0..1h", form = Form.SECONDS) Duration churn,
    @Option(in = "1..100000") int count,
    @Option(in = "1ms..1m", form = Form.MILLIS) Duration interval,
    @Option(in = "1..10000") int threadsMax,
    @Option(in = "1..50000") List<Integer> steps)
    implements EventsSettings.Plan {
  private static final Duration PACE = Duration.ofMillis(100);

  /** In less time a single late arrival is one of the whole rate. */
  private static final int RAMPUP_MIN_S = 2;

  @Override
  public void check(EventsSettings.Server server, SettingsReader from) {
    if (steps.isEmpty() || steps.stream().distinct().count() < steps.size()) {
      from.error("steps", "must be different numbers of connections, such as 100,1000");
    }
  }

  @Override
  public int clients() {
    return steps.get(0);
  }

  /** Returns the arrivals of a step. */
  Arrivals.Plan arrivals(int clients) {
    Duration rampup = Duration.ofSeconds(Math.max(RAMPUP_MIN_S, (clients + rate - 1) / rate));
    return new Arrivals.Plan(clients, rampup, publishing());
  }

  /** Returns the arrivals of the churn. */
  Arrivals.Plan churning() {
    int clients = (int) (churnRate * churn.toSeconds());
    return new Arrivals.Plan(clients, churn, Duration.ZERO);
  }

  /** Returns the time between two events of a stream of the churn, which has no publisher. */
  @Override
  public Duration pace() {
    return PACE;
  }

  private Duration publishing() {
    return interval.multipliedBy(count);
  }

  /** Returns the longest time of a step after its clients have arrived. */
  Duration step(Duration timeout) {
    return publishing().plus(timeout.multipliedBy(2));
  }

  /** The churn reads numbered streams. */
  @Override
  public boolean isPublished() {
    return churn.isZero();
  }

  @Override
  public Duration longest(EventsSettings.Server server) {
    return steps.stream()
        .map(clients -> arrivals(clients).rampup().plus(step(server.timeout())))
        .reduce(churn.plus(server.timeout()), Duration::plus);
  }
}

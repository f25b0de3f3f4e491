package simulations.sse;

import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import simulations.run.OpenArrivals;

/**
 * The arrivals of requests, or of conversations if these have several turns.
 *
 * @param arrivals by rate; or closed: each client begins the next one when the last has ended
 * @param rate a second
 * @param burstiness shape of gamma
 * @param maxRequests of the measured phase; 0 for no bound
 */
record Flow(
    @Option By arrivals,
    @Option(in = "0..100000") double rate,
    @Option(in = "0.01..100") double burstiness,
    @Option(in = "0..1000000") int maxRequests)
    implements Checked {
  /** What requests wait for. */
  enum By {
    CLOSED,
    RAMP,
    CONSTANT,
    POISSON,
    GAMMA
  }

  @Override
  public void check(SettingsReader from) {
    if (isOpen() != rate > 0) {
      from.error(
          "rate",
          isOpen()
              ? "has no value: how many arrive a second, such as -Drate=20"
              : "needs -Darrivals=constant, poisson, gamma or ramp");
    }
  }

  boolean isOpen() {
    return arrivals != By.CLOSED;
  }

  OpenArrivals.Plan plan(SseSettings.Users users, int turns, long seed) {
    int most = maxRequests == 0 ? 0 : Math.max(1, maxRequests / turns);
    OpenArrivals.Pattern pattern = OpenArrivals.Pattern.valueOf(arrivals.name());
    return new OpenArrivals.Plan(
        pattern, rate, burstiness, users.rampup(), users.hold(), users.timeout(), most, seed);
  }
}

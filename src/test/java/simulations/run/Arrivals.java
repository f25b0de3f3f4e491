package simulations.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import kpi.Kpi;
import kpi.Phase;

/**
 * The open schedule by which the users of the measured phase arrive, evenly over the ramp, and the
 * time until which they begin something new. Thread-safe.
 */
public final class Arrivals {
  private static final double NS_PER_S = 1e9;
  private static final String RATE = "arrivals_per_s";

  private final Run run;
  private final String users;
  private final int planned;
  private final Duration rampup;
  private final Duration hold;
  private final LongSupplier nanoClock;
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile long firstNs;
  private volatile long lastNs;

  /**
   * @param run whose measured phase begins with the first arrival
   * @param users what they are called among the offered load
   * @param planned how many will come
   * @param rampup how long they take to
   * @param hold how long after that they begin something new
   * @param nanoClock monotonic nanoseconds
   */
  public Arrivals(
      Run run, String users, int planned, Duration rampup, Duration hold, LongSupplier nanoClock) {
    this.run = run;
    this.users = users;
    this.planned = planned;
    this.rampup = rampup;
    this.hold = hold;
    this.nanoClock = nanoClock;
  }

  /**
   * A user arrives. One at a time: the second must not look for the first one's moment before that
   * is there.
   *
   * @return when it was meant to, in nanoseconds of the monotonic clock
   */
  public synchronized long arrive() {
    int index = arrived.getAndIncrement();
    long now = nanoClock.getAsLong();
    if (index == 0) {
      firstNs = now;
      run.beginMeasure(rampup.toMillis() / 1e3, hold.toMillis() / 1e3);
    }
    lastNs = now;
    long plannedNs = firstNs + rampup.toNanos() / planned * (long) index;
    long intendedNs = Math.min(plannedNs, now);
    run.recorders().of(Phase.MEASURE, Kpi.START_LAG).record(now - intendedNs);
    return intendedNs;
  }

  /** True while users begin something new. */
  public boolean wantsMore() {
    double sinceS = (nanoClock.getAsLong() - firstNs) / NS_PER_S;
    double untilS = rampup.plus(hold).toMillis() / 1e3;
    return sinceS < untilS && run.trouble().isEmpty();
  }

  /** True while all users are there and the load is steady. */
  public boolean isSteady(long nowNs) {
    double sinceS = (nowNs - firstNs) / NS_PER_S;
    double rampS = rampup.toMillis() / 1e3;
    return sinceS >= rampS && sinceS < rampS + hold.toMillis() / 1e3;
  }

  /** How long the load was steady until a moment, in seconds; 0 if it was not. */
  public double steadyS(long nowNs) {
    double sinceS = arrived.get() == 0 ? 0 : (nowNs - firstNs) / NS_PER_S;
    return Math.min(Math.max(0, sinceS - rampup.toMillis() / 1e3), hold.toMillis() / 1e3);
  }

  /** Users that have arrived. */
  public int arrived() {
    return arrived.get();
  }

  /** What the plan asks for. */
  public Map<String, Double> offered() {
    return load(planned, planned / (rampup.toMillis() / 1e3));
  }

  /** What came of it. */
  public Map<String, Double> achieved() {
    int came = arrived.get();
    // n arrivals span n - 1 intervals; what the schedule would take is clipped to what it took.
    double perS = came < 2 ? offered().get(RATE) : (came - 1) / ((lastNs - firstNs) / NS_PER_S);
    return load(came, perS);
  }

  private Map<String, Double> load(int count, double perS) {
    Map<String, Double> load = new LinkedHashMap<>();
    load.put(users, (double) count);
    load.put(RATE, perS);
    return load;
  }
}

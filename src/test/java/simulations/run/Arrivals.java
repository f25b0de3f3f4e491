package simulations.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import kpi.Kpi;
import kpi.Phase;

/**
 * The open schedule of users' arrivals, evenly over the ramp, and the time until which they begin
 * something new. Thread-safe.
 */
public final class Arrivals {
  private static final double NS_PER_S = 1e9;
  private static final String RATE = "arrivals_per_s";

  private final Run run;
  private final String prefix;
  private final String users;
  private final PhaseNames names;
  private final Plan plan;
  private final double rampS;
  private final double holdS;
  private final LongSupplier nanoClock;
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile long firstNs;
  private volatile long lastNs;

  /**
   * The plan of arrivals.
   *
   * @param users number of them
   * @param rampup length of their arrival
   * @param hold time after that until nothing new begins
   */
  public record Plan(int users, Duration rampup, Duration hold) {}

  /** The only users of a run, who are there until its hold ends. */
  public Arrivals(Run run, String users, Plan plan) {
    this(run, "", users, PhaseNames.WHOLE, plan);
  }

  /**
   * The users of one of several stages.
   *
   * @param run whose measured phase begins with the first arrival of the first stage
   * @param prefix of the stage, before the names of its load
   * @param users their name in the offered load
   */
  public Arrivals(Run run, String prefix, String users, PhaseNames names, Plan plan) {
    this.run = run;
    this.prefix = prefix;
    this.users = users;
    this.names = names;
    this.plan = plan;
    this.rampS = plan.rampup().toMillis() / 1e3;
    this.holdS = plan.hold().toMillis() / 1e3;
    this.nanoClock = run.nanoClock();
  }

  /**
   * Records an arrival. One at a time: the second needs the moment of the first.
   *
   * @return its planned time in monotonic nanoseconds
   */
  public synchronized long arrive() {
    int index = arrived.getAndIncrement();
    long now = nanoClock.getAsLong();
    if (index == 0) {
      firstNs = now;
      run.beginStage(names, rampS, holdS);
    }
    lastNs = now;
    long plannedNs = firstNs + plan.rampup().toNanos() / plan.users() * (long) index;
    long intendedNs = Math.min(plannedNs, now);
    run.recorders.of(Phase.MEASURE, Kpi.START_LAG).record(now - intendedNs);
    return intendedNs;
  }

  /** Returns true while users begin something new. */
  public boolean wantsMore() {
    return sinceS(nanoClock.getAsLong()) < rampS + holdS && run.goesOn();
  }

  /** Returns true while all users are there and the load is steady. */
  public boolean isSteady(long nowNs) {
    double sinceS = sinceS(nowNs);
    return sinceS >= rampS && sinceS < rampS + holdS;
  }

  /** Returns for how many seconds the load was steady until a moment. */
  public double steadyS(long nowNs) {
    double sinceS = arrived.get() == 0 ? 0 : sinceS(nowNs);
    return Math.min(Math.max(0, sinceS - rampS), holdS);
  }

  private double sinceS(long nowNs) {
    return (nowNs - firstNs) / NS_PER_S;
  }

  /** Returns the number of users that have arrived. */
  public int arrived() {
    return arrived.get();
  }

  /** Returns the planned load by name. */
  public Map<String, Double> offered() {
    return load(plan.users(), plan.users() / rampS);
  }

  /** Returns the load reached, under the same names. */
  public Map<String, Double> achieved() {
    int came = arrived.get();
    // n arrivals span n - 1 intervals; what the schedule would take is clipped to what it took.
    double perS =
        came < 2 ? offered().get(prefix + RATE) : (came - 1) / ((lastNs - firstNs) / NS_PER_S);
    return load(came, perS);
  }

  private Map<String, Double> load(int count, double perS) {
    Map<String, Double> load = new LinkedHashMap<>();
    load.put(prefix + users, (double) count);
    load.put(prefix + RATE, perS);
    return load;
  }
}

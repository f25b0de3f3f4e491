package simulations.run;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;
import kpi.Kpi;
import kpi.Phase;

/**
 * The open schedule of users' arrivals, evenly over the ramp, and the time until which they begin
 * something new. Thread-safe.
 */
public final class Arrivals {
  private static final double NS_PER_S = 1e9;
  private static final String RATE = "arrivals_per_s";

  private final Recording recording;
  private final LongUnaryOperator begin;
  private final BooleanSupplier goesOn;
  private final Optional<Seat.Row> seats;
  private final String prefix;
  private final String users;
  private final Plan plan;
  private final Shard shard;
  private int places;
  private volatile int arrived;
  private volatile long firstNs;
  private double sumS;
  private double sumByPlaceS;

  /**
   * The plan of arrivals.
   *
   * @param users number of them, at all generators
   * @param hold time after that until nothing new begins
   */
  public record Plan(int users, Duration rampup, Duration hold) {
    private double rampS() {
      return rampup.toMillis() / 1e3;
    }

    private double untilS() {
      return rampS() + hold.toMillis() / 1e3;
    }
  }

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
    this(
        run.recording(Phase.MEASURE),
        nowNs -> run.beginStage(names, plan.rampS(), plan.untilS()),
        run::goesOn,
        run.seats(),
        prefix,
        users,
        plan,
        run.common.shard());
  }

  Arrivals(
      Recording recording,
      LongUnaryOperator begin,
      BooleanSupplier goesOn,
      Optional<Seat.Row> seats,
      String prefix,
      String users,
      Plan plan,
      Shard shard) {
    this.recording = recording;
    this.begin = begin;
    this.goesOn = goesOn;
    this.seats = seats;
    this.prefix = prefix;
    this.users = users;
    this.plan = plan;
    this.shard = shard;
  }

  /**
   * A user takes its place in the schedule and waits until it is due: Gatling starts some too
   * early.
   *
   * @param planned attribute of the session for its planned time, in monotonic nanoseconds
   */
  public ChainBuilder arrive(String planned) {
    return exec(session -> seated(session).set(planned, next()))
        .pause(session -> OpenSchedule.until(session.getLong(planned), nowNs()))
        .exec(GatlingRecords.doing(session -> arrived(session.getLong(planned))));
  }

  private Session seated(Session session) {
    return seats.map(row -> row.seat(session)).orElse(session);
  }

  /** One at a time: the second needs the moment of the first. */
  synchronized long next() {
    if (places == 0) {
      firstNs = begin.applyAsLong(nowNs());
    }
    return firstNs + plan.rampup().toNanos() / plan.users() * shard.at(places++);
  }

  synchronized void arrived(long plannedNs) {
    long ns = nowNs();
    sumS += sinceS(ns);
    sumByPlaceS += arrived * sinceS(ns);
    arrived++;
    recording.of(Kpi.START_LAG).record(ns - plannedNs);
  }

  /** Returns true while users begin something new. */
  public boolean wantsMore() {
    return wantsMoreAt(nowNs());
  }

  /** Returns the same by the time in monotonic nanoseconds. */
  public boolean wantsMoreAt(long nowNs) {
    return sinceS(nowNs) < untilS() && goesOn.getAsBoolean();
  }

  /** Returns true while all users are there and the load is steady. */
  public boolean isSteady(long nowNs) {
    double sinceS = sinceS(nowNs);
    return sinceS >= plan.rampS() && sinceS < untilS();
  }

  /** Returns a moment, or the nearest one at which the load is steady. */
  public long steady(long nowNs) {
    long fromNs = firstNs + (long) (plan.rampS() * NS_PER_S);
    return Math.max(fromNs, Math.min(firstNs + (long) (untilS() * NS_PER_S), nowNs));
  }

  private long nowNs() {
    return recording.nowNs();
  }

  private double sinceS(long ns) {
    return (ns - firstNs) / NS_PER_S;
  }

  /** Returns the planned time from the first arrival until nothing new begins, in seconds. */
  double untilS() {
    return plan.untilS();
  }

  /** Returns the injection of the users of this generator. */
  public OpenInjectionStep injection() {
    return rampUsers(shard.of(plan.users())).during(plan.rampup());
  }

  /** Returns the planned load by name. */
  Map<String, Double> offered() {
    return load(shard.of(plan.users()), perS());
  }

  private double perS() {
    return plan.users() / plan.rampS() / shard.count();
  }

  /** Returns the load reached, under the same names. */
  synchronized Map<String, Double> achieved() {
    if (arrived < 2) {
      return load(arrived, perS());
    }
    // The least-squares line of arrivals over time, which one late user does not bend.
    double n = arrived;
    double covariance = sumByPlaceS - (n - 1) / 2 * sumS;
    return load(arrived, n * (n * n - 1) / 12 / covariance);
  }

  private Map<String, Double> load(int count, double perS) {
    Map<String, Double> load = new LinkedHashMap<>();
    load.put(prefix + users, (double) count);
    load.put(prefix + RATE, perS);
    return load;
  }
}

package simulations.sse;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Figure;
import kpi.Kpi;
import kpi.Phase;
import simulations.run.Arrivals;
import simulations.run.Load;
import simulations.run.Recording;
import simulations.run.Run;

/** The users of one run: their arrivals, their roles, their streams. Thread-safe. */
public final class SseLoad implements Load {
  /** The warm-up's streams are cut, so that it ends soon after its last user came. */
  private static final Duration WARM_UP_STREAM = Duration.ofSeconds(4);

  private final SseSettings settings;
  private final Arrivals arrivals;
  private final Map<Phase, Streams> streams = new EnumMap<>(Phase.class);
  private final AtomicInteger users = new AtomicInteger();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();
  private final AtomicInteger brokenSeen = new AtomicInteger();
  private final AtomicInteger brokenHidden = new AtomicInteger();

  /** Of a run whose settings were read. */
  public SseLoad(SseSettings settings, Run run) {
    this.settings = settings;
    this.arrivals =
        new Arrivals(
            run,
            "clients",
            new Arrivals.Plan(settings.clients(), settings.rampup(), settings.hold()));
    streams(run, Phase.WARM_UP, settings.stream().shortened(WARM_UP_STREAM));
    streams(run, Phase.MEASURE, settings.stream());
  }

  private void streams(Run run, Phase phase, SseSettings.StreamPlan plan) {
    streams.put(phase, new Streams(run.recording(phase), plan, settings.common().slos()));
  }

  /** The role of a user. */
  public enum Role {
    /** Takes every stream to its end; the only one who enters the KPIs. */
    CLIENT,
    /** Leaves in the middle of a stream. */
    LEAVER,
    /** Requests a stream that its upstream breaks in the middle. */
    BREAKER
  }

  /** Returns the settings of the run. */
  SseSettings settings() {
    return settings;
  }

  /** Returns the arrivals of the clients of the measured phase. */
  Arrivals arrivals() {
    return arrivals;
  }

  /** Returns the number of users of the measured phase, probes included. */
  public int users() {
    return settings.clients() + settings.leavers() + settings.breakers();
  }

  /** Returns the streams of a phase. */
  Streams streams(Phase phase) {
    return streams.get(phase);
  }

  /** Returns the recording of a phase. */
  Recording recording(Phase phase) {
    return streams.get(phase).recording();
  }

  /** Returns the role of the next user. */
  Role nextRole() {
    return role(
        users.getAndIncrement(), settings.clients(), settings.leavers(), settings.breakers());
  }

  /**
   * Returns the role of a user; leavers and breakers are spread evenly among the clients.
   *
   * @param user counts from 0
   */
  static Role role(int user, int clients, int leavers, int breakers) {
    int probes = leavers + breakers;
    int users = clients + probes;
    long before = (long) user * probes / users;
    boolean probe = (long) (user + 1) * probes / users > before;
    if (!probe) {
      return Role.CLIENT;
    }
    boolean leaver = (before + 1) * leavers / probes > before * leavers / probes;
    return leaver ? Role.LEAVER : Role.BREAKER;
  }

  /** Returns a seed of its own for each stream, so that a token of another stream is noticed. */
  long nextSeed() {
    return (settings.common().seed() + 31L * begun.incrementAndGet()) & Integer.MAX_VALUE;
  }

  /** Records that a leaver has left a stream that was under way. */
  void onLeft() {
    left.incrementAndGet();
  }

  /** Records the end of a breaker's stream. */
  void onBroken(boolean hidden) {
    (hidden ? brokenHidden : brokenSeen).incrementAndGet();
  }

  /** Returns the number of leavers who have left. */
  int left() {
    return left.get();
  }

  /** Returns the number of breakers whose stream broke. */
  int brokenSeen() {
    return brokenSeen.get();
  }

  /** Returns the number of breakers whose stream ended as if it were whole. */
  int brokenHidden() {
    return brokenHidden.get();
  }

  @Override
  public Map<String, Double> offered() {
    return arrivals.offered();
  }

  @Override
  public Map<String, Double> achieved() {
    return arrivals.achieved();
  }

  @Override
  public Map<String, Figure> figures(double measuredS) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    figures.put(Kpi.GOODPUT.word(), recording(Phase.MEASURE).goodput());
    double drift = streams(Phase.MEASURE).driftPct();
    figures.put(Kpi.PACE_DRIFT.word(), Figure.of(Kpi.PACE_DRIFT, drift));
    return figures;
  }
}

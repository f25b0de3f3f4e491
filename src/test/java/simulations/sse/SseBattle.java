package simulations.sse;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Outcome;
import kpi.Phase;
import kpi.Tally;
import org.HdrHistogram.ConcurrentHistogram;
import simulations.run.Arrivals;
import simulations.run.Run;
import simulations.sse.SseBattleSettings.StreamPlan;

/**
 * What the users of one battle share: the schedule that they arrive by, the recorders, and the
 * counts of the users who leave or are cut off. Thread-safe.
 */
public final class SseBattle {
  private static final int DRIFT_DIGITS = 3;
  private static final Duration WARM_UP_STREAM = Duration.ofSeconds(4);

  private final SseBattleSettings settings;
  private final Run run;
  private final Map<Phase, StreamRecorder.Shared> shared = new EnumMap<>(Phase.class);
  private final ConcurrentHistogram drift = new ConcurrentHistogram(DRIFT_DIGITS);
  private final Arrivals arrivals;
  private final AtomicInteger streams = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();
  private final AtomicInteger brokenSeen = new AtomicInteger();
  private final AtomicInteger brokenHidden = new AtomicInteger();

  /**
   * @param settings of the battle
   * @param run takes what is recorded
   */
  public SseBattle(SseBattleSettings settings, Run run) {
    this.settings = settings;
    this.run = run;
    this.arrivals =
        new Arrivals(
            run,
            "clients",
            settings.clients(),
            settings.rampup(),
            settings.hold(),
            System::nanoTime);
    for (Phase phase : Phase.values()) {
      shared.put(
          phase,
          new StreamRecorder.Shared(
              run.recorders(),
              run.tally(phase),
              phase,
              plan(phase),
              settings.slos(),
              phase == Phase.MEASURE ? drift : new ConcurrentHistogram(DRIFT_DIGITS),
              System::nanoTime));
    }
  }

  /** Who a user is. */
  public enum Role {
    /** Takes every stream to its end; the only one who enters the KPIs. */
    CLIENT,
    /** Leaves in the middle of a stream. */
    LEAVER,
    /** Asks for a stream that its upstream breaks in the middle. */
    BREAKER
  }

  /** What each stream of a phase asks for. */
  StreamPlan plan(Phase phase) {
    return switch (phase) {
      case WARM_UP -> settings.stream().shortened(WARM_UP_STREAM);
      case MEASURE -> settings.stream();
    };
  }

  /** The settings of the battle. */
  SseBattleSettings settings() {
    return settings;
  }

  /** The schedule of the clients of the measured phase. */
  Arrivals arrivals() {
    return arrivals;
  }

  /**
   * Who a user is: the probes are spread evenly among the clients.
   *
   * @param user counts from 0
   */
  Role role(int user) {
    return role(user, settings.clients(), settings.leavers(), settings.breakers());
  }

  /** The same for any numbers of each role. */
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

  /** A seed of its own for each stream, so that a token from a neighbour's stream is noticed. */
  long nextSeed() {
    return (settings.seed() + 31L * streams.incrementAndGet()) & Integer.MAX_VALUE;
  }

  /**
   * A stream is about to be asked for.
   *
   * @param intendedNs when its user meant to
   */
  StreamRecorder newStream(Phase phase, long seed, long intendedNs) {
    return new StreamRecorder(shared.get(phase), settings.verifyText() ? seed : -1, intendedNs);
  }

  /** A leaver has left a stream that was under way. */
  void onLeft() {
    left.incrementAndGet();
  }

  /**
   * A breaker's stream ended.
   *
   * @param outcome OK if the break was hidden from it
   */
  void onBroken(Outcome outcome) {
    (outcome == Outcome.OK ? brokenHidden : brokenSeen).incrementAndGet();
  }

  /** Leavers who have left. */
  int left() {
    return left.get();
  }

  /** Breakers who saw their stream break. */
  int brokenSeen() {
    return brokenSeen.get();
  }

  /** Breakers who were told that all is well. */
  int brokenHidden() {
    return brokenHidden.get();
  }

  /** Median over streams of how far the pace was off, in per cent. */
  double driftPct() {
    return drift.getTotalCount() == 0 ? 100 : drift.getValueAtPercentile(50) / 1e7;
  }

  /** What was counted in the measured phase. */
  Tally tally() {
    return run.tally(Phase.MEASURE);
  }
}

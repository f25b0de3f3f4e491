package simulations.sse;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import kpi.Figure;
import kpi.Kpi;
import kpi.Phase;
import org.HdrHistogram.ConcurrentHistogram;
import simulations.run.Arrivals;
import simulations.run.Load;
import simulations.run.Recording;
import simulations.run.Run;
import simulations.run.Slos;
import simulations.sse.SseSettings.StreamPlan;
import verdict.Numbers;

/** The users of one run: their arrivals, their roles, their streams. Thread-safe. */
public final class SseLoad implements Load {
  /** The warm-up's streams are cut, so that it ends soon after its last user came. */
  private static final Duration WARM_UP_STREAM = Duration.ofSeconds(4);

  private static final String NO_PLAN =
      "The service did not get the plan of a stream; -Dverify=yes is for one that does.";

  final SseSettings settings;

  /** Arrivals of the clients of the measured phase. */
  final Arrivals arrivals;

  /** Leavers who have left a stream that was under way. */
  final AtomicInteger left = new AtomicInteger();

  /** Breakers whose stream broke. */
  final AtomicInteger brokenSeen = new AtomicInteger();

  /** Breakers whose stream ended as if it were whole. */
  final AtomicInteger brokenHidden = new AtomicInteger();

  private final Map<Phase, Streams> streams;
  private final AtomicInteger users = new AtomicInteger();
  private final AtomicInteger begun = new AtomicInteger();

  public SseLoad(SseSettings settings, Run run) {
    this.settings = settings;
    SseSettings.Users planned = settings.users();
    Arrivals.Plan plan = new Arrivals.Plan(planned.clients(), planned.rampup(), planned.hold());
    this.arrivals = new Arrivals(run, "clients", plan);
    Slos slos = settings.common().slos();
    StreamPlan whole = settings.stream();
    StreamPlan brief = whole.shortened(WARM_UP_STREAM);
    this.streams =
        Map.of(
            Phase.WARM_UP, new Streams(run.recording(Phase.WARM_UP), brief, slos),
            Phase.MEASURE, new Streams(run.recording(Phase.MEASURE), whole, slos));
  }

  enum Role {
    /** Takes every stream to its end; the only one who enters the KPIs. */
    CLIENT,
    /** Leaves in the middle of a stream. */
    LEAVER,
    /** Requests a stream that its upstream breaks in the middle. */
    BREAKER
  }

  Streams streams(Phase phase) {
    return streams.get(phase);
  }

  Recording recording(Phase phase) {
    return streams.get(phase).recording;
  }

  Role nextRole() {
    int clients = settings.users().clients();
    return role(users.getAndIncrement(), clients, settings.leavers(), settings.breakers());
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

  @Override
  public List<Arrivals> schedules() {
    return List.of(arrivals);
  }

  @Override
  public Set<String> begins() {
    return Set.of("stream connect");
  }

  @Override
  public Optional<Gauge> gauge() {
    return Optional.of(new Gauge("llm", settings.leavers() + settings.breakers()));
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Streams measured = streams(Phase.MEASURE);
    Map<String, Figure> figures = new TreeMap<>();
    figures.put(Kpi.GOODPUT.word(), measured.recording.goodput());
    if (settings.isPlanned()) {
      figures.put(Kpi.PACE_DRIFT.word(), Figure.of(Kpi.PACE_DRIFT, measured.driftPct()));
    }
    return figures;
  }

  @Override
  public Map<String, String> unchecked() {
    return settings.isPlanned() ? Map.of() : Map.of(Kpi.PACE_DRIFT.word(), NO_PLAN);
  }

  /** The streams of one phase: their plan, their limits, and their recording. Thread-safe. */
  static final class Streams {
    private static final double PPB_PER_PERCENT = 1e7;
    private static final int FAULTS_MAX = 5;

    final Recording recording;
    final StreamPlan plan;

    // Limits of a good stream.
    final long ttftNs;
    final long gapP99Ns;
    final long gapMaxNs;
    final long e2eNs;

    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final ConcurrentHistogram drift = new ConcurrentHistogram(3);

    Streams(Recording recording, StreamPlan plan, Slos slos) {
      this.recording = recording;
      this.plan = plan;
      this.ttftNs = slos.maxNs(Kpi.TTFT);
      this.gapP99Ns = slos.ns("gap.p99");
      this.gapMaxNs = slos.maxNs(Kpi.GAP);
      this.e2eNs = slos.maxNs(Kpi.E2E);
    }

    /** A fault of some streams, with the first one's words. */
    private record Fault(LongAdder streams, Optional<String> first) {}

    /**
     * Counts a stream that failed.
     *
     * @param fault after "3 streams", one of few texts
     * @param detail of this stream; null for none
     */
    void fault(String fault, String detail) {
      faults
          .computeIfAbsent(fault, one -> new Fault(new LongAdder(), Optional.ofNullable(detail)))
          .streams
          .increment();
    }

    /** Returns the faults in words, the most frequent first; empty if there were none. */
    String faults() {
      return faults.entrySet().stream()
          .sorted(Comparator.comparing(one -> -one.getValue().streams.sum()))
          .limit(FAULTS_MAX)
          .map(
              one ->
                  Numbers.count(one.getValue().streams.sum())
                      + (" streams " + one.getKey())
                      + one.getValue().first.map(first -> ", the first: " + first).orElse(""))
          .collect(Collectors.joining("; "));
    }

    /**
     * Records how far a whole stream was off its planned pace, from the first to the last token.
     */
    void paced(long tookNs) {
      double plannedNs = plan.intervalMs() * 1e6 * (plan.tokens() - 1);
      drift.recordValue(Math.round(Math.abs(tookNs - plannedNs) / plannedNs * 1e9));
    }

    /** Returns the median over streams of how far the pace was off, in per cent; 100 if unknown. */
    double driftPct() {
      return drift.getTotalCount() == 0 ? 100 : drift.getValueAtPercentile(50) / PPB_PER_PERCENT;
    }
  }
}

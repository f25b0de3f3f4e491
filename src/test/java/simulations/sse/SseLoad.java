package simulations.sse;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Figure;
import kpi.Kpi;
import kpi.Percentiles;
import kpi.Phase;
import kpi.RequestLog;
import kpi.Timeline.Span;
import simulations.run.Arrivals;
import simulations.run.Console;
import simulations.run.Load;
import simulations.run.OpenArrivals;
import simulations.run.Recording;
import simulations.run.Run;
import simulations.run.Shard;
import simulations.run.Slos;
import simulations.sse.SseSettings.StreamPlan;

/** The users of one run: their arrivals, their roles, their streams. Thread-safe. */
public final class SseLoad implements Load {
  /** The warm-up's streams are cut, so that it ends soon after its last user came. */
  private static final Duration WARM_UP_STREAM = Duration.ofSeconds(4);

  private static final double MOST_PCT = 95;

  private static final String NO_PLAN =
      "The service did not get the plan of a stream; -Dverify=yes is for one that does.";

  final SseSettings settings;

  /** Arrivals of the clients of the measured phase; what they do is their own if it is closed. */
  final Arrivals arrivals;

  /** Arrivals by rate, which the clients take; empty if the load is closed. */
  final Optional<OpenArrivals> open;

  final RequestLog log;

  /** Leavers who have left a stream that was under way. */
  final AtomicInteger left = new AtomicInteger();

  /** Breakers whose stream broke. */
  final AtomicInteger brokenSeen = new AtomicInteger();

  /** Breakers whose stream ended as if it were whole. */
  final AtomicInteger brokenHidden = new AtomicInteger();

  private final Map<Phase, Streams> streams;
  private final AtomicInteger users = new AtomicInteger();
  private final AtomicInteger probes = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger conversations = new AtomicInteger();
  private final AtomicInteger measured = new AtomicInteger();
  private final AtomicInteger warmUps = new AtomicInteger();
  private final Shard shard;

  public SseLoad(SseSettings settings, Run run) {
    this.settings = settings;
    this.shard = settings.common().shard();
    SseSettings.Users planned = settings.users();
    Arrivals.Plan plan = new Arrivals.Plan(planned.clients(), planned.rampup(), planned.hold());
    this.arrivals = new Arrivals(run, "clients", plan);
    this.open =
        settings.flow().isOpen()
            ? Optional.of(
                new OpenArrivals(
                    run,
                    settings
                        .flow()
                        .plan(planned, settings.dialogue().turns(), settings.common().seed())))
            : Optional.empty();
    this.log =
        new RequestLog(run.folder(), e -> Console.error("requests.jsonl cannot be written: " + e));
    Streams.Rows rows = new Streams.Rows(run.timeline()::secondsAt, log::add, settings::masked);
    Slos slos = settings.common().slos();
    boolean losing = run.seats().isEmpty();
    StreamPlan whole = settings.stream();
    StreamPlan brief = whole.shortened(WARM_UP_STREAM);
    this.streams =
        Map.of(
            Phase.WARM_UP, new Streams(run.recording(Phase.WARM_UP), brief, slos, rows, losing),
            Phase.MEASURE, new Streams(run.recording(Phase.MEASURE), whole, slos, rows, losing));
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

  /** Returns the index of the next user of a phase among those of all generators. */
  int nextUser(Phase phase) {
    return shard.at((phase == Phase.MEASURE ? users : warmUps).getAndIncrement());
  }

  Role role(int user) {
    return role(user, settings.users().clients(), settings.leavers(), settings.breakers());
  }

  /** Returns the role of a user, from 0; leavers and breakers are spread among the clients. */
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

  /**
   * Returns a seed of its own for each stream, so that a token of another stream is noticed.
   *
   * @param stream its number; those of leavers and breakers are below 0
   */
  long seed(long stream) {
    return (settings.common().seed() + 31L * (stream + 1)) & Integer.MAX_VALUE;
  }

  /** Returns how long a leaver or breaker of an open load waits, so that they come by turns. */
  Duration probeWait() {
    int all = settings.leavers() + settings.breakers();
    Duration ramp = open.isPresent() ? settings.users().rampup() : Duration.ZERO;
    return ramp.dividedBy(Math.max(1, all)).multipliedBy(probes.getAndIncrement());
  }

  /** Takes one of the requests of a closed load; returns false if its bound is reached. */
  boolean mayRequest() {
    int most = settings.flow().maxRequests();
    boolean any = most == 0 || open.isPresent();
    return any || requests.getAndIncrement() < shard.of(most);
  }

  /** Returns the request of the next turn of a conversation. */
  Ask ask(SseRequests of, Phase phase, String client, Conversation conversation) {
    long number = conversation.number * settings.dialogue().turns() + conversation.turn;
    Ask.Leaving leaving =
        phase == Phase.MEASURE
            ? settings.dialogue().leaving(shard.at(measured.getAndIncrement()))
            : Ask.Leaving.NEVER;
    return of.ask(client + "/" + number, conversation, seed(number), leaving);
  }

  /**
   * Returns a conversation of a user. Its number is its own, whichever generator has the user; in
   * an open load it is that of an arrival, which any user takes.
   *
   * @param round number of the user's conversations before it; 0 for the warm-up
   */
  Conversation conversation(int user, int round) {
    long place = open.isPresent() && round > 0 ? shard.at(conversations.getAndIncrement()) : user;
    long before = open.isPresent() ? Math.min(round, 1) : round;
    return new Conversation(settings.dialogue(), before * settings.allUsers() + place);
  }

  @Override
  public List<Arrivals> schedules() {
    return open.isPresent() ? List.of() : List.of(arrivals);
  }

  @Override
  public Map<String, Double> offered() {
    return open.map(OpenArrivals::offered).orElseGet(Load.super::offered);
  }

  @Override
  public Map<String, Double> achieved() {
    return open.map(OpenArrivals::achieved).orElseGet(Load.super::achieved);
  }

  /** Arrivals by rate open more and more streams until the first conversations have ended. */
  @Override
  public List<Span> level(List<Span> phases) {
    List<Span> holds = Load.super.level(phases);
    return open.map(by -> by.level(holds, settings.conversation(stream()))).orElse(holds);
  }

  /** Returns the length of a stream; as most of them were if the service did not get its plan. */
  private Duration stream() {
    return settings.isPlanned()
        ? settings.stream().whole()
        : Duration.ofNanos(
            recording(Phase.MEASURE).of(Kpi.E2E).total().getValueAtPercentile(MOST_PCT));
  }

  @Override
  public Map<String, Percentiles> distributions() {
    return streams(Phase.MEASURE).distributions();
  }

  @Override
  public Map<String, Long> counters() {
    Map<String, Long> all = new TreeMap<>(streams(Phase.MEASURE).counters());
    open.ifPresent(
        arrivals -> {
          all.put("arrivals_waited", arrivals.waited());
          all.put("arrivals_unsent", arrivals.unsent());
        });
    return all;
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
    Map<String, Figure> figures = new TreeMap<>(measured.figures());
    figures.putAll(measured.recording.goodput());
    if (settings.isPlanned()) {
      figures.put(Kpi.PACE_DRIFT.word(), Figure.of(Kpi.PACE_DRIFT, measured.driftPct()));
    }
    return figures;
  }

  @Override
  public Map<String, String> unchecked() {
    return settings.isPlanned() ? Map.of() : Map.of(Kpi.PACE_DRIFT.word(), NO_PLAN);
  }
}

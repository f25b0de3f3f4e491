package simulations.ticker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Kpi;
import kpi.Percentiles;
import kpi.Phase;
import kpi.SocketLoss;
import kpi.Tally;
import simulations.run.Arrivals;
import simulations.run.Clock;
import simulations.run.Field;
import simulations.run.Load;
import simulations.run.PhaseNames;
import simulations.run.Recording;
import simulations.run.Run;
import simulations.run.Slos;
import simulations.ticker.TickerSettings.Stage;
import simulations.ticker.TickerSettings.Users;

/** The users of one run, stage by stage. Thread-safe. */
public final class TickerLoad implements Load {
  /** The slow client, and an attacker at a time. */
  private static final int INTRUDERS = 2;

  final TickerSettings settings;
  final TickerTargets targets;
  final Clock clock;
  final Clock.Agreement agreement = new Clock.Agreement();

  /** The last frame of a socket whose pongs are others than expected; empty for none. */
  final AtomicReference<String> otherFrame = new AtomicReference<>("");

  /** Why the first socket was refused; empty if none was. */
  final AtomicReference<String> firstRefusal = new AtomicReference<>("");

  final Sockets warmUp;
  final List<StageLoad> stages = new ArrayList<>();

  final Run run;
  private final AtomicInteger warmUps = new AtomicInteger();

  public TickerLoad(TickerSettings settings, TickerTargets targets, Run run) {
    this.settings = settings;
    this.targets = targets;
    this.run = run;
    this.clock = Clock.here(run.nanoClock());
    this.warmUp = sockets(List.of(run.recording(Phase.WARM_UP)), LongUnaryOperator.identity());
    settings.stages().forEach(stage -> stages.add(stageLoad(stage)));
  }

  Recording recording() {
    return run.recording(Phase.MEASURE);
  }

  /** Returns the token of the next user of the warm-up, none of whom is one of a stage. */
  String nextToken() {
    return token(staged(), warmUps);
  }

  private int staged() {
    return stages.stream().mapToInt(each -> each.stage.users().connections()).sum();
  }

  /** Returns the token of the next user of a stage. */
  String nextToken(StageLoad stage) {
    return token(stage.before, stage.users);
  }

  /** Returns a token of the user's own, unless the settings name one for all. */
  private String token(int before, AtomicInteger users) {
    int user = 1 + before + settings.common().shard().at(users.getAndIncrement());
    return settings.service().token().orElseGet(() -> targets.mint().apply("user-" + user));
  }

  @Override
  public List<Arrivals> schedules() {
    return stages.stream().map(StageLoad::arrivals).toList();
  }

  @Override
  public Set<String> begins() {
    return stages.stream()
        .map(each -> TickerJourneys.socket(each) + TickerJourneys.CONNECT)
        .collect(Collectors.toSet());
  }

  @Override
  public Optional<Gauge> gauge() {
    int intruders = targets.intruders().isPresent() ? INTRUDERS : 0;
    return Optional.of(new Gauge("ticker", intruders));
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Map<String, Figure> figures = new LinkedHashMap<>(recording().goodput());
    figures.putAll(ofStages(StageLoad::figures));
    return figures;
  }

  /** Returns why nothing is known of broadcasts; empty if something is, or has to be. */
  Optional<String> unknownFeed() {
    boolean required =
        settings.service().wsUrl().isEmpty() || Field.isNamed(settings.messages().seq());
    return required ? Optional.empty() : noFeed();
  }

  /** Returns why broadcasts that the user named did not come; empty if some did. */
  Optional<String> missingFeed() {
    return Field.isNamed(settings.messages().seq()) ? noFeed() : Optional.empty();
  }

  private Optional<String> noFeed() {
    boolean any =
        Stream.of("received", "untimed", "duplicated")
            .anyMatch(kind -> recording().counted("broadcasts_" + kind) > 0);
    String where = settings.messages().seq().map(seq -> " at " + seq.text()).orElse("");
    String none = "No frame had a sequence number" + where + " (-Dws.seq).";
    return any ? Optional.empty() : Optional.of(none);
  }

  /** The lag of broadcasts, if they have no number, or no time. */
  @Override
  public Map<String, String> unchecked() {
    boolean open =
        settings.service().wsUrl().isPresent()
            && !Field.isNamed(settings.messages().sent())
            && recording().counted("broadcasts_received") == 0;
    String why = noFeed().orElse("No broadcast had the time at which it was sent (-Dws.sent).");
    Stream<String> prefixes =
        Stream.concat(Stream.of(""), settings.stages().stream().map(Stage::prefix)).distinct();
    return open
        ? prefixes.collect(
            Collectors.toMap(prefix -> prefix + Kpi.DELIVERY_LAG.word(), prefix -> why))
        : Map.of();
  }

  @Override
  public Map<String, Percentiles> distributions() {
    return ofStages(StageLoad::distributions);
  }

  @Override
  public Map<String, Long> counters() {
    return ofStages(StageLoad::counters);
  }

  /** The figures of each stage under its prefix; none if there is but one, which is the run. */
  private <T> Map<String, T> ofStages(Function<StageLoad, Map<String, T>> part) {
    Map<String, T> all = new LinkedHashMap<>();
    if (settings.isStaged()) {
      stages.forEach(
          each ->
              part.apply(each)
                  .forEach((name, value) -> all.put(each.stage().prefix() + name, value)));
    }
    return all;
  }

  private StageLoad stageLoad(Stage stage) {
    boolean last = stages.size() == settings.stages().size() - 1;
    Users users = stage.users();
    Recording own = Recording.ofStage(run.nanoClock());
    Arrivals arrivals =
        new Arrivals(
            run,
            stage.prefix(),
            "connections",
            settings.isStaged() ? PhaseNames.of(stage.name(), last) : PhaseNames.WHOLE,
            new Arrivals.Plan(users.connections(), users.rampup(), users.duration()));
    List<Recording> all = settings.isStaged() ? List.of(recording(), own) : List.of(recording());
    return new StageLoad(
        stage, arrivals, sockets(all, arrivals::steady), own, staged(), new AtomicInteger());
  }

  private Sockets sockets(List<Recording> recordings, LongUnaryOperator steady) {
    return new Sockets(
        recordings,
        new Messages(settings.messages()),
        settings.common().slos(),
        clock,
        agreement,
        targets.ends(),
        otherFrame,
        steady);
  }

  /**
   * The load of a stage, with a recording of its own.
   *
   * @param before number of users of the stages before
   * @param users that have come
   */
  record StageLoad(
      Stage stage,
      Arrivals arrivals,
      Sockets sockets,
      Recording own,
      int before,
      AtomicInteger users) {
    /** Counters that are reported for each stage, also if they are 0. */
    private static final List<String> COUNTERS =
        List.of(
            "streams_started",
            "sockets_connected",
            "sockets_survived",
            "pings_sent",
            "pongs_received",
            "broadcasts_received",
            "broadcasts_lost");

    private Map<String, Percentiles> distributions() {
      Map<String, Percentiles> all = new LinkedHashMap<>();
      own.recorders()
          .of(own.phase())
          .forEach(
              (kpi, values) -> {
                values.rotate();
                all.put(kpi.word(), Percentiles.of(kpi, values));
              });
      return all;
    }

    private Map<String, Figure> figures() {
      Map<String, Figure> all = new TreeMap<>(own.success());
      all.putAll(own.goodput());
      return all;
    }

    private Map<String, Long> counters() {
      Map<String, Long> all = new LinkedHashMap<>();
      COUNTERS.forEach(counter -> all.put(counter, own.counted(counter)));
      Stream.of(SocketLoss.values())
          .map(SocketLoss::counter)
          .filter(counter -> own.counted(counter) > 0)
          .forEach(counter -> all.put(counter, own.counted(counter)));
      return all;
    }
  }

  /**
   * The sockets of one stage. Thread-safe.
   *
   * @param recordings that take everything: the phase's, and the stage's own if there are several
   * @param agreement of the clock with those of the publishers, by the lags
   * @param otherFrame the last frame of the first socket whose pongs are others than expected;
   *     empty for none
   * @param steady returns a moment, or the nearest one at which all users of the stage are there
   */
  record Sockets(
      List<Recording> recordings,
      Messages messages,
      Slos slos,
      Clock clock,
      Clock.Agreement agreement,
      FeedEnds ends,
      AtomicReference<String> otherFrame,
      LongUnaryOperator steady) {
    void record(Kpi kpi, long ns) {
      for (Recording recording : recordings) {
        recording.of(kpi).record(ns);
      }
    }

    void tally(Consumer<Tally> counting) {
      for (Recording recording : recordings) {
        counting.accept(recording.tally());
      }
    }

    /** Counts a sound socket that ends now, as {@link Recording#judge}. */
    void judge(long beyondNs, long fromNs, long toNs) {
      recordings.forEach(recording -> recording.judge(beyondNs, fromNs, toNs));
    }

    long nowNs() {
      return recordings.get(0).nowNs();
    }
  }
}

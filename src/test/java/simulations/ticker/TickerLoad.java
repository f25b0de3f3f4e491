package simulations.ticker;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import kpi.Figure;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Percentiles;
import kpi.Phase;
import kpi.SocketLoss;
import kpi.Stages;
import kpi.Tally;
import simulations.run.Arrivals;
import simulations.run.Load;
import simulations.run.PhaseNames;
import simulations.run.Recording;
import simulations.run.Run;
import simulations.ticker.TickerRecorder.Sockets;

/** The users of one run, stage by stage. Thread-safe. */
public final class TickerLoad implements Load {
  final TickerSettings settings;
  final TickerTargets targets;
  final Sockets warmUp;
  final List<StageLoad> stages = new ArrayList<>();

  private final Run run;
  private final AtomicInteger users = new AtomicInteger();

  /** Of a run whose targets are ready. */
  public TickerLoad(TickerSettings settings, TickerTargets targets, Run run) {
    this.settings = settings;
    this.targets = targets;
    this.run = run;
    this.warmUp = sockets(List.of(run.recording(Phase.WARM_UP)));
    settings.stages().forEach(stage -> stages.add(stageLoad(stage)));
  }

  boolean goesOn() {
    return run.goesOn();
  }

  /** Returns the recording of the measured phase. */
  Recording recording() {
    return run.recording(Phase.MEASURE);
  }

  /** Returns the token of the next user: one of its own, unless the settings name one for all. */
  String nextToken() {
    int user = users.incrementAndGet();
    return settings.service().token().orElseGet(() -> targets.mint().mint("user-" + user));
  }

  @Override
  public List<Arrivals> schedules() {
    return stages.stream().map(StageLoad::arrivals).toList();
  }

  @Override
  public Map<String, Figure> figures(double measuredS) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    figures.put(Kpi.GOODPUT.word(), recording().goodput());
    figures.putAll(ofStages(StageLoad::figures));
    return figures;
  }

  @Override
  public Map<String, Percentiles> distributions() {
    return ofStages(StageLoad::distributions);
  }

  @Override
  public Map<String, Long> counters() {
    return ofStages(StageLoad::counters);
  }

  /** The figures of each stage; none if there is but one, which is the run. */
  private <T> Map<String, T> ofStages(Function<StageLoad, Map<String, T>> part) {
    Map<String, T> all = new LinkedHashMap<>();
    if (settings.isStaged()) {
      stages.forEach(stage -> all.putAll(part.apply(stage)));
    }
    return all;
  }

  private StageLoad stageLoad(TickerStage stage) {
    boolean staged = settings.isStaged();
    boolean last = stages.size() == settings.stages().size() - 1;
    Recording own = Recording.ofStage(run.nanoClock());
    Arrivals arrivals =
        new Arrivals(
            run,
            staged ? Stages.prefix(stage.name()) : "",
            "connections",
            staged ? PhaseNames.of(stage.name(), last) : PhaseNames.WHOLE,
            new Arrivals.Plan(stage.connections(), stage.rampup(), stage.duration()));
    return new StageLoad(
        stage, arrivals, sockets(staged ? List.of(recording(), own) : List.of(recording())), own);
  }

  private Sockets sockets(List<Recording> recordings) {
    return new Sockets(recordings, settings.common().slos(), InstantSource.system());
  }

  /**
   * The load of one of several stages, with figures of its own.
   *
   * @param own recording of this stage alone
   */
  record StageLoad(TickerStage stage, Arrivals arrivals, Sockets sockets, Recording own) {
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

    Map<String, Percentiles> distributions() {
      Map<String, Percentiles> all = new LinkedHashMap<>();
      own.recorders()
          .of(own.phase())
          .forEach(
              (kpi, values) -> {
                values.rotate();
                all.put(name(kpi.word()), Percentiles.of(kpi, values.total()));
              });
      return all;
    }

    Map<String, Figure> figures() {
      Tally tally = own.tally();
      if (tally.ended() == 0) {
        return Map.of();
      }
      double ok = 100.0 * tally.ended(Outcome.OK) / tally.ended();
      return new TreeMap<>(
          Map.of(
              name(Kpi.SUCCESS_RATE.word()), Figure.of(Kpi.SUCCESS_RATE, ok),
              name(Kpi.GOODPUT.word()), own.goodput()));
    }

    Map<String, Long> counters() {
      Map<String, Long> all = new LinkedHashMap<>();
      COUNTERS.forEach(counter -> all.put(name(counter), own.counted(counter)));
      for (SocketLoss loss : SocketLoss.values()) {
        if (own.counted(loss.counter()) > 0) {
          all.put(name(loss.counter()), own.counted(loss.counter()));
        }
      }
      return all;
    }

    private String name(String figure) {
      return Stages.prefix(stage.name()) + figure;
    }
  }
}

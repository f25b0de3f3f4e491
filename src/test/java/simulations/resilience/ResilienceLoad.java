package simulations.resilience;

import faults.FaultRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kpi.Figure;
import kpi.Percentiles;
import kpi.Phase;
import kpi.Tally;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionLoad;
import simulations.auction.Bidder;
import simulations.run.Recording;
import simulations.run.Run;

/** The users of one run, its faults, and what came of both. Thread-safe. */
public final class ResilienceLoad extends AuctionLoad {
  final ResilienceSettings settings;
  final FaultLog log;
  private final FaultRun faults;
  private final Tally connections = new Tally();
  private final Tally warmUpConnections = new Tally();
  private final List<Seat> seats = Collections.synchronizedList(new ArrayList<>());
  private final Backlog backlog;
  private boolean begun;
  private volatile long beganNs;
  private volatile PhaseFigures figures;

  /** Starts the auction; its processes are the parts that the plan strikes. */
  public ResilienceLoad(ResilienceSettings settings, Run run) {
    super(settings, run);
    this.settings = settings;
    this.log = new FaultLog(run.folder().path(), run.timeline());
    this.faults =
        new FaultRun(
            settings.plan().after(settings.load().rampup()),
            run.processes().parts(),
            run.nanoClock(),
            log);
    this.backlog = new Backlog(targets(), items(Phase.MEASURE).get(0), run.nanoClock());
  }

  /** Begins the plan with the first measured user. */
  synchronized void begin(Phase phase) {
    if (phase == Phase.MEASURE && !begun) {
      begun = true;
      beganNs = run().nanoClock().getAsLong();
      faults.start();
      backlog.start();
    }
  }

  boolean goesOn() {
    return run().goesOn();
  }

  Seat seat(Phase phase) {
    Seat seat =
        new Seat(
            settings.reconnecting(),
            Bidder.random(settings, settings.load().users() + seats.size()));
    if (phase == Phase.MEASURE) {
      seats.add(seat);
    }
    return seat;
  }

  /** Returns where the connections of viewers are recorded, apart from the viewers themselves. */
  Recording connections(Phase phase) {
    Recording users = recording(phase);
    return new Recording(
        phase,
        users.recorders(),
        phase == Phase.MEASURE ? connections : warmUpConnections,
        users.nanoClock());
  }

  /** Heals what is still struck; the load is over. */
  void heal() {
    faults.close();
  }

  /** Computes the figures of the phases, once everything has settled. */
  PhaseFigures conclude() {
    backlog.close();
    long fromNs = beganNs + settings.load().rampup().toNanos();
    AuctionItem item = items(Phase.MEASURE).get(0);
    figures = new PhaseFigures(log, item, List.copyOf(seats), backlog.looks(), fromNs);
    return figures;
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Map<String, Figure> all = new LinkedHashMap<>(super.figures(levelS));
    all.putAll(figures.figures());
    return all;
  }

  @Override
  public Map<String, Percentiles> distributions() {
    return figures.distributions();
  }

  @Override
  public Map<String, Long> counters() {
    Map<String, Long> counters = new LinkedHashMap<>();
    connections
        .counters()
        .forEach(
            (name, count) -> {
              if (name.startsWith("viewers_") || name.startsWith("broadcasts_")) {
                counters.put(name, count);
              }
            });
    counters.put("viewers_reconnects", connections.started() - seats.size());
    counters.put("faults", (long) log.windows().size());
    return counters;
  }
}

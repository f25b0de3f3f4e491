package simulations.resilience;

import faults.FaultRun;
import faults.Part;
import faults.ProcessFault;
import faults.TcpLink;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import kpi.Figure;
import kpi.Percentiles;
import kpi.Phase;
import kpi.Stages;
import simulations.run.Arrivals;
import simulations.run.Clock;
import simulations.run.Load;
import simulations.run.Run;
import simulations.run.Seat.Connection;
import stack.StackFailure;

/** The load of a system, its faults, and what came of both. Thread-safe. */
public final class ResilienceLoad implements Load {
  final ResilienceSettings settings;
  final FaultedSystem system;
  final FaultLog log;
  final Reconnections reconnections;
  final SteppedClocks clocks;
  private final Run run;
  final FaultRun faults;
  private final Observed observed;
  private boolean begun;
  private volatile long beganNs;

  /** Null while the run goes on. */
  private volatile PhaseFigures figures;

  /**
   * Starts the system; its processes, and the links between them, are the parts that are struck.
   */
  public ResilienceLoad(ResilienceSettings settings, Run run) {
    this.settings = settings;
    this.run = run;
    run.processes().giveDisks(settings.struck(ProcessFault.FULL_DISK::equals), run.logs());
    this.system = settings.start(run);
    this.reconnections = new Reconnections(() -> run.processes().links(TcpLink::made));
    Clock here = Clock.here(run.nanoClock());
    this.clocks = new SteppedClocks(whom -> run.processes().offset(whom, here));
    this.log = new FaultLog(run.folder().path(), run.timeline());
    Map<String, Part> parts = run.processes().parts();
    parts.putAll(settings.faults().outside().reach());
    String absent =
        settings.plan().parts().stream()
            .filter(whom -> !parts.containsKey(whom))
            .collect(Collectors.joining(", "));
    if (!absent.isEmpty()) {
      String sentence =
          "-Dplan: %s is no process of this run; a service of your own is struck through"
              + " -Dtoxiproxy.proxies and -Ddocker.containers";
      throw new StackFailure(sentence.formatted(absent));
    }
    Arrivals.Plan arrivals = settings.arrivals();
    this.faults =
        new FaultRun(
            settings.plan().after(arrivals.rampup()),
            parts,
            run.nanoClock(),
            log.andThen(system::observe).andThen(reconnections).andThen(clocks));
    this.observed = new Observed(system.service(), log, run.nanoClock(), this::begin);
    run.recording(Phase.MEASURE).recorders().observe(observed);
  }

  /** Returns what is played. */
  public FaultedSystem.Played play() {
    return system.play();
  }

  /** Begins the plan with the first measured user. */
  private synchronized void begin() {
    if (!begun) {
      begun = true;
      beganNs = run.nanoClock().getAsLong();
      observed.from(fromNs());
      faults.start();
      system.backlog().ifPresent(Backlog::start);
    }
  }

  /** Returns when all users were there. */
  private long fromNs() {
    return beganNs + settings.arrivals().rampup().toNanos();
  }

  /** Computes the figures of the phases, once everything has settled. */
  PhaseFigures conclude() {
    system.backlog().ifPresent(Backlog::close);
    List<List<Connection>> users = users();
    long plannedNs = fromNs() + settings.arrivals().hold().toNanos();
    figures =
        new PhaseFigures(
            log,
            new Aftermath.Evidence(system.failures(users), observed, users, system.backlog()),
            fromNs(),
            Math.min(plannedNs, run.nanoClock().getAsLong()));
    return figures;
  }

  private List<List<Connection>> users() {
    return run.seats().orElseThrow().connections();
  }

  @Override
  public List<Arrivals> schedules() {
    return system.load().schedules();
  }

  @Override
  public Set<String> begins() {
    return system.load().begins();
  }

  /** What a process counts is lost with it: no gauge, and no conservation over several lives. */
  @Override
  public Optional<Gauge> gauge() {
    return Optional.empty();
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Map<String, Figure> all = new LinkedHashMap<>(system.load().figures(levelS));
    all.keySet().removeIf(Stages::isOfStage);
    if (figures != null) {
      all.putAll(figures.figures());
    }
    return all;
  }

  @Override
  public Map<String, Percentiles> distributions() {
    return figures == null ? Map.of() : figures.distributions();
  }

  @Override
  public Map<String, Long> counters() {
    Map<String, Long> counters = new LinkedHashMap<>(system.load().counters());
    counters.keySet().removeIf(Stages::isOfStage);
    long again =
        users().stream()
            .mapToLong(
                user -> user.stream().limit(user.size() - 1L).filter(Connection::lost).count())
            .sum();
    counters.put("clients_reconnects", again);
    counters.put("faults", (long) log.windows().size());
    run.processes()
        .links(TcpLink::paused)
        .forEach((link, times) -> counters.put(link + "_paused", times));
    return counters;
  }
}

package simulations.events;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import kpi.Figure;
import kpi.Kpi;
import kpi.Timeline.Span;
import simulations.events.ShutdownSettings.Kind;
import simulations.run.Run;
import simulations.run.RunProcesses;
import simulations.run.SideWork;
import stack.Peer;

/** Stages, of which each ends with the stop of its servers. Thread-safe. */
public final class ShutdownLoad extends EventsLoad<ShutdownSettings> {
  private static final String PROXY = "proxy";

  /** Of the stages, in their order. */
  final List<Stop> stops = new ArrayList<>();

  /** Starts or reaches the servers. */
  public ShutdownLoad(EventsSettings<ShutdownSettings> settings, Run run) {
    super(settings, run);
    StoppableServer server = targets.server();
    for (Kind kind : played()) {
      if (kind == Kind.ROLLING) {
        rolling(server);
      } else {
        add(kind, List.of(server), "");
      }
    }
  }

  /** Two servers behind a proxy, which goes to the other one while one is away. */
  private void rolling(StoppableServer first) {
    RunProcesses processes = run.processes();
    String name = EventsTargets.EVENTS + "-2";
    StoppableServer second = EventsTargets.start(name, settings, run);
    URI proxy = proxy(List.of(first.url(), second.url()));
    if (targets.counted().isPresent()) {
      processes.counters(name, second.url());
    }
    add(Kind.ROLLING, List.of(first, second), proxy.toString());
  }

  /** Starts the bundled proxy, or a peer. */
  private URI proxy(List<URI> servers) {
    RunProcesses processes = run.processes();
    if (plan.proxyPeer().isPresent()) {
      Peer.Kind kind = Peer.Kind.of(plan.proxyPeer().get()).orElseThrow();
      Path folder = run.logs().resolve(PROXY);
      return processes.own(PROXY, Peer.proxy(kind, servers, plan.clients(), folder)).url();
    }
    String upstreams = servers.get(0) + "," + servers.get(1);
    URI proxy =
        processes
            .launch(PROXY, PROXY, Optional.empty(), "--straight=true", "--upstream", upstreams)
            .awaitReady()
            .url();
    processes.counters(PROXY, proxy);
    return proxy;
  }

  private void add(Kind kind, List<StoppableServer> servers, String base) {
    boolean last = stops.size() == played().size() - 1;
    Stage stage = stage(kind.word(), last, plan.clients(), plan.rampup(), plan.hold());
    Stop stop = new Stop(kind, plan, servers, run.nanoClock());
    Duration bound = plan.stage(settings.server().timeout());
    BooleanSupplier stays = () -> !stop.isDone() || kind != Kind.ROLLING;
    Streams streams =
        new Streams(
            kind.word(),
            base + requests.endless(plan.pace()),
            plan(bound).timed(plan.pace()),
            recording(),
            stays,
            Streams.Feed.STOPPING);
    streams.recovery = stop;
    stops.add(stop);
    add(
        EventsJourneys.once(stage, streams, new SideWork("stop", List.of(stop))::begin),
        EventsJourneys.until(stage.name() + " restart", bound, stop::isDone));
  }

  List<Kind> played() {
    return plan.played(settings.server());
  }

  /** The gauge of one server knows nothing of the other one's streams. */
  @Override
  public Optional<Gauge> gauge() {
    return Optional.empty();
  }

  /** Processes that end and begin have neither a rate nor a slope. */
  @Override
  public List<Span> level(List<Span> phases) {
    return List.of();
  }

  @Override
  public Map<String, Figure> figures(double levelS) {
    Map<String, Figure> figures = super.figures(levelS);
    for (Stop stop : stops) {
      String name = Stage.figure(stop.kind().word(), Kpi.STOP_TIME);
      Stop.slowestMs(stop.seen()).ifPresent(ms -> figures.put(name, Figure.of(Kpi.STOP_TIME, ms)));
    }
    return figures;
  }
}

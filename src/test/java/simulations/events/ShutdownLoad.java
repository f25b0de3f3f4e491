package simulations.events;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Kpi;
import kpi.Timeline.Span;
import simulations.events.ShutdownSettings.Kind;
import simulations.run.Arrivals;
import simulations.run.Run;
import simulations.run.RunProcesses;
import stack.Peer;

/** Stages, of which each ends with the stop of its servers. Thread-safe. */
public final class ShutdownLoad extends EventsLoad<ShutdownSettings> {
  private static final String PROXY = "proxy";

  private final List<Part> parts = new ArrayList<>();

  /** A stage with its stop. */
  private record Part(Stage stage, Streams streams, Stop stop) {}

  /** Starts or reaches the servers. */
  public ShutdownLoad(EventsSettings<ShutdownSettings> settings, Run run) {
    super(settings, run);
    StoppableServer server = targets.server();
    for (Kind kind : played()) {
      parts.add(kind == Kind.ROLLING ? rolling(server) : part(kind, List.of(server), ""));
    }
  }

  /** Two servers behind a proxy, which goes to the other one while one is away. */
  private Part rolling(StoppableServer first) {
    RunProcesses processes = run.processes();
    String name = EventsTargets.EVENTS + "-2";
    StoppableServer second = EventsTargets.start(name, settings, run);
    URI proxy = proxy(List.of(first.url(), second.url()));
    if (targets.counted().isPresent()) {
      processes.counters(name, second.url());
    }
    return part(Kind.ROLLING, List.of(first, second), proxy.toString());
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

  private Part part(Kind kind, List<StoppableServer> servers, String base) {
    boolean last = parts.size() == played().size() - 1;
    Arrivals.Plan arrivals = new Arrivals.Plan(plan.clients(), plan.rampup(), plan.hold());
    Stop stop = new Stop(kind, plan, servers, run.nanoClock());
    BooleanSupplier stays = () -> !stop.isDone() || kind != Kind.ROLLING;
    Streams streams =
        new Streams(
            kind.word(),
            base + requests.endless(plan.delay()),
            plan(plan.stage(settings.server().timeout())).timed(plan.delay()),
            recording(),
            stays,
            Streams.Feed.STOPPING);
    return new Part(new Stage(run, kind.word(), last, arrivals), streams, stop);
  }

  public ChainBuilder warmUp() {
    return warmUp(plan.delay());
  }

  /** Returns the clients of each stage, and after them who waits for the servers' restart. */
  public List<PopulationBuilder> populations() {
    return parts.stream()
        .map(part -> new ShutdownJourneys(part.stage, part.streams, part.stop, plan.reconnect()))
        .flatMap(journeys -> Stream.of(journeys.clients(), journeys.restart()))
        .toList();
  }

  List<Kind> played() {
    return plan.played(settings.server());
  }

  List<Stop> stops() {
    return parts.stream().map(Part::stop).toList();
  }

  @Override
  List<Stage> stages() {
    return parts.stream().map(Part::stage).toList();
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
    for (Part part : parts) {
      Stop.slowestMs(part.stop.seen())
          .ifPresent(
              ms -> figures.put(part.stage.figure(Kpi.STOP_TIME), Figure.of(Kpi.STOP_TIME, ms)));
    }
    return figures;
  }
}

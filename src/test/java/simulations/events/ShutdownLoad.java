package simulations.events;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Kpi;
import kpi.Stages;
import kpi.Timeline.Span;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.events.Stop.End;
import simulations.events.Stop.Kind;
import simulations.events.Stop.Seen;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import simulations.run.Run;
import simulations.run.RunProcesses;
import simulations.run.SideWork;
import stack.Peer;
import verdict.Numbers;

/** Stages, of which each ends with the stop of its servers. Thread-safe. */
public final class ShutdownLoad extends EventsLoad<ShutdownLoad.Plan> {
  /**
   * The stages of the shutdown simulation.
   *
   * @param stages the stops, each a stage of its own, in their order
   * @param hold from then to the signal
   * @param stopWithin longest time from the first signal to the end of the process
   * @param reconnect how long a client waits before it resumes its stream
   * @param proxyPeer takes the bundled proxy's place in the last stage
   * @param stopCommand stops the user's own server, by the shell
   */
  public record Plan(
      @Option(in = "1..50000") int clients,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "100ms..1h") Duration hold,
      @Option(name = "delay", word = "delay", in = "1ms..1m", form = Form.MILLIS) Duration pace,
      @Option(in = "100ms..1h") Duration stopWithin,
      @Option(in = "0..1m") Duration reconnect,
      @Option(
              name = "proxy.peer",
              matches = "nginx|haproxy",
              otherwise = "is no peer of the proxy; nginx and haproxy are")
          Optional<String> proxyPeer,
      @Option(name = "events.stop") Optional<String> stopCommand,
      @Option List<Kind> stages)
      implements EventsSettings.Plan {
    private static final Duration RESTART = Duration.ofSeconds(15);

    @Override
    public void check(EventsSettings.Server server, SettingsReader from) {
      if (server.isExternal() && stopCommand.isEmpty()) {
        from.error(
            "events.stop",
            "must be the command that stops your server, such as 'docker stop sse' or 'kill 1234';"
                + " without -Devents.url the bundled server is stopped");
      }
      if (!server.isExternal() && stopCommand.isPresent()) {
        from.error("events.stop", "stops a server of your own: name it by -Devents.url");
      }
      if (stages.isEmpty()) {
        from.error("stages", "must name at least one of term, twice, ramp, rolling");
      }
    }

    /** Returns the stages that can be played: a server of the user's own is stopped once. */
    List<Kind> played(EventsSettings.Server server) {
      return server.isExternal() ? List.of(Kind.TERM) : stages;
    }

    Duration stage(Duration timeout) {
      return rampup
          .plus(hold.multipliedBy(2))
          .plus(stopWithin.plus(RESTART).multipliedBy(2))
          .plus(timeout);
    }

    @Override
    public Duration longest(EventsSettings.Server server) {
      return stage(server.timeout()).multipliedBy(played(server).size());
    }
  }

  private static final String PROXY = "proxy";

  private static final List<End> WRONG = List.of(End.UNANNOUNCED, End.CUT, End.HUNG);

  /** Of the stages, in their order. */
  private final List<Stop> stops = new ArrayList<>();

  public ShutdownLoad(EventsSettings<Plan> settings, Run run) {
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
    LongPredicate stays = nowNs -> !stop.done || kind != Kind.ROLLING;
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
        EventsJourneys.until(stage.name() + " restart", bound, () -> stop.done));
  }

  private List<Kind> played() {
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
      String name = Stages.prefix(stop.kind.word()) + Kpi.STOP_TIME.word();
      Stop.slowestMs(stop.seen).ifPresent(ms -> figures.put(name, Figure.of(Kpi.STOP_TIME, ms)));
    }
    return figures;
  }

  @Override
  public void check(Checks checks) {
    audit.numbered(checks);
    audit.closed(checks); // Not its stalls: a server that has just started loads its classes.
    checks.of("streams_ended_properly").judge(this::ended);
    checks.of("stopped_in_time").judge(this::inTime);
    checks.of("port_free").judge(this::portFree);
    checks
        .of("stages_played")
        .needs(played().size() == Kind.values().length, leftOut())
        .judge(this::allPlayed);
    audit.resumes(checks);
  }

  private String leftOut() {
    return settings.server().isExternal()
        ? "The command of -Devents.stop cannot be given twice, or start the server again."
        : "-Dstages leaves some stages out.";
  }

  /** A stage without a stream that was open at the signal shows nothing. */
  private Finding allPlayed() {
    String words =
        stops.stream()
            .map(stop -> stop.kind.word() + " " + Numbers.count(open(stop)))
            .collect(Collectors.joining(", "));
    boolean all = stops.stream().allMatch(stop -> open(stop) > 0);
    return Finding.of(true, words, "> 0 each", "In each stage streams were open at the signal.", "")
        .onlyIf(all, "In one stage no stream was open at the signal.");
  }

  private static long open(Stop stop) {
    return stop.count(End.PROPER) + WRONG.stream().mapToLong(stop::count).sum();
  }

  private Finding ended() {
    long proper = stops.stream().mapToLong(stop -> stop.count(End.PROPER)).sum();
    String wrong =
        stops.stream()
            .flatMap(
                stop ->
                    WRONG.stream().filter(end -> stop.count(end) > 0).map(end -> words(stop, end)))
            .collect(Collectors.joining("; "));
    long all = stops.stream().mapToLong(ShutdownLoad::open).sum();
    String figure = Numbers.count(proper) + " of " + Numbers.count(all);
    return Finding.of(
            proper == all,
            figure,
            "all",
            "Every stream that was open at the signal ended in order.",
            "Of the streams that were open at the signal, " + wrong + ".")
        .onlyIf(all > 0, "No stream was open at a signal.");
  }

  private static String words(Stop stop, End end) {
    return Numbers.count(stop.count(end)) + " " + end.words + " (" + stop.kind.word() + ")";
  }

  private Finding inTime() {
    double limitMs = plan.stopWithin().toNanos() / 1e6;
    List<Seen> all = seen().toList();
    long late = all.stream().filter(each -> each.goneMs() < 0 || each.goneMs() > limitMs).count();
    double longest = all.stream().mapToDouble(Seen::goneMs).max().orElse(0);
    boolean killed = all.stream().anyMatch(each -> each.goneMs() < 0);
    String figure = killed ? "not at all" : Numbers.words(longest, "ms");
    String limit = "<= " + Numbers.words(limitMs, "ms");
    String bad = "%d of %d stops took longer than %s (-Dstop-within).";
    return Finding.of(
            late == 0,
            figure,
            limit,
            "The process was gone within " + figure + " of the signal.",
            bad.formatted(late, all.size(), Numbers.words(limitMs, "ms")))
        .onlyIf(!all.isEmpty(), "No server was stopped.");
  }

  private Finding portFree() {
    List<Seen> all = seen().toList();
    long bad = all.stream().filter(each -> !each.portFree() || !each.restarted()).count();
    String figure = all.size() - bad + " of " + all.size();
    return Finding.of(
            bad == 0,
            figure,
            "all",
            "After each stop the port was free for the next server.",
            bad + " times the port was not free after the stop, or no server could start there.")
        .onlyIf(!all.isEmpty(), "No server was stopped.");
  }

  private Stream<Seen> seen() {
    return stops.stream().flatMap(stop -> stop.seen.stream());
  }
}

package simulations.events;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simulations.run.Access;
import simulations.run.Run;
import simulations.run.RunProcesses;
import simulations.run.TargetCounters;
import stack.Peer;
import stack.TargetProcess;

/**
 * The event server under load.
 *
 * @param server to which events are published, and which can be stopped
 * @param url that of its clients, which may use TLS
 */
public record EventsTargets(StoppableServer server, URI url, TargetCounters counters) {
  /** Name of the server in the run. */
  static final String EVENTS = "events";

  /** Why checks of counters are not evaluated for a server of the user's own, or a peer. */
  static final String NO_COUNTERS = "Needs the counters of the bundled event server.";

  private static final int PEER_CLIENTS = 10_000;

  /** Starts the server or a peer, or reaches the user's own; throws a StackFailure if it cannot. */
  static EventsTargets prepare(EventsSettings<?> all, Run run) {
    EventsSettings.Server settings = all.server();
    RunProcesses processes = run.processes();
    if (settings.isExternal()) {
      URI url = settings.eventsUrl().orElseThrow();
      Access.reach("-Devents.url", url);
      URI base = URI.create(url.getScheme() + "://" + url.getRawAuthority());
      return new EventsTargets(
          new StoppableServer(base, Optional.empty(), all.plan().stopCommand()),
          base,
          processes.probe(EVENTS, base));
    }
    StoppableServer server = start(EVENTS, all, run);
    URI base = server.url();
    TargetCounters counters =
        settings.peer().isPresent()
            ? processes.probe(EVENTS, base)
            : processes.counters(EVENTS, base);
    URI users = URI.create(processes.via("users-events", base.toString()));
    int tls = counters.before().path("tls_port").asInt();
    URI url = settings.isHttp2() ? URI.create("https://" + base.getHost() + ":" + tls) : users;
    return new EventsTargets(server, url, counters);
  }

  /** Starts a bundled server, or a peer, under a name in the run. */
  static StoppableServer start(String name, EventsSettings<?> all, Run run) {
    EventsSettings.Server settings = all.server();
    Duration sendTimeout = all.plan().sendTimeout();
    if (settings.peer().isPresent()) {
      Peer.Kind kind = Peer.Kind.of(settings.peer().get()).orElseThrow();
      Path folder = run.logs().resolve(name);
      Peer peer = run.processes().own(name, Peer.pushing(kind, PEER_CLIENTS, sendTimeout, folder));
      return new StoppableServer(peer.url(), Optional.of(peer), Optional.empty());
    }
    List<String> options =
        new ArrayList<>(List.of("--send-timeout", sendTimeout.toMillis() + "ms"));
    if (settings.isHttp2()) {
      options.addAll(List.of("--tls-port", "0"));
    }
    TargetProcess server =
        run.processes()
            .launch(EVENTS, name, settings.defect(), options.toArray(String[]::new))
            .awaitReady();
    return new StoppableServer(server.url(), Optional.of(server), Optional.empty());
  }

  /** Returns the address of the server itself, without a path. */
  URI base() {
    return server.url();
  }

  /** Returns the counters if the server turned out to have those of the bundled one. */
  Optional<TargetCounters> counted() {
    return Optional.of(counters).filter(TargetCounters::isAnnounced);
  }
}

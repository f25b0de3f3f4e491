package simulations.events;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simulations.run.Access;
import simulations.run.Run;
import simulations.run.RunProcesses;
import simulations.run.TargetCounters;
import stack.TargetProcess;

/**
 * The event server under load.
 *
 * @param base its address without a path
 * @param url that of its clients, which may use TLS
 * @param process the bundled server; empty for the user's own
 * @param counters of the server
 */
public record EventsTargets(
    URI base, URI url, Optional<TargetProcess> process, TargetCounters counters) {
  /** Name of the server in the run. */
  static final String EVENTS = "events";

  /** Why checks of counters are not evaluated for a server of the user's own. */
  static final String NO_COUNTERS = "Needs the counters of the bundled event server.";

  /**
   * Starts the bundled server, or reaches the user's own.
   *
   * @param options of the bundled server, such as {@code --send-timeout} and its value
   * @throws stack.StackFailure if it cannot be had
   */
  static EventsTargets prepare(EventsSettings.Server settings, Run run, String... options) {
    RunProcesses processes = run.processes();
    if (settings.isExternal()) {
      URI url = settings.eventsUrl().orElseThrow();
      Access.reach("-Devents.url", url);
      URI base = URI.create(url.getScheme() + "://" + url.getRawAuthority());
      return new EventsTargets(base, base, Optional.empty(), processes.probe(EVENTS, base));
    }
    List<String> all = new ArrayList<>(List.of(options));
    if (settings.isHttp2()) {
      all.addAll(List.of("--tls-port", "0"));
    }
    TargetProcess server =
        processes
            .launch(EVENTS, EVENTS, settings.defect(), all.toArray(String[]::new))
            .awaitReady();
    TargetCounters counters = processes.counters(EVENTS, server.url());
    URI base = server.url();
    URI users = URI.create(processes.via("users-events", base.toString()));
    int tls = counters.before().path("tls_port").asInt();
    URI url = settings.isHttp2() ? URI.create("https://" + base.getHost() + ":" + tls) : users;
    return new EventsTargets(base, url, Optional.of(server), counters);
  }

  /** Returns the counters if the server turned out to have those of the bundled one. */
  Optional<TargetCounters> counted() {
    return Optional.of(counters).filter(TargetCounters::isAnnounced);
  }
}

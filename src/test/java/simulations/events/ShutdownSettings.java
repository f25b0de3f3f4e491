package simulations.events;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;

/**
 * The stages of the shutdown simulation.
 *
 * @param stages the stops, each a stage of its own, in their order
 * @param rampup how long the clients take to arrive
 * @param hold from then to the signal
 * @param pace time between two events of a stream
 * @param stopWithin longest time from the first signal to the end of the process
 * @param reconnect how long a client waits before it resumes its stream
 * @param proxyPeer takes the bundled proxy's place in the last stage
 * @param stopCommand stops the user's own server, by the shell
 */
public record ShutdownSettings(
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

  /** The ways to stop a server. */
  enum Kind {
    /** SIGTERM while all clients stream. */
    TERM,
    /** SIGTERM, and another one while the server stops. */
    TWICE,
    /** SIGTERM while clients arrive. */
    RAMP,
    /** Two servers behind a proxy are restarted by turns; clients resume their streams. */
    ROLLING;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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

  /** Returns the longest time that one stage takes. */
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

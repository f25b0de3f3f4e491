package simulations.events;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.SuiteConfig;
import verdict.Numbers;

/**
 * The settings of the shutdown simulation.
 *
 * @param kinds the stops, each a stage of its own, in their order
 */
public record ShutdownSettings(
    CommonSettings common, EventsSettings events, Plan plan, List<Kind> kinds)
    implements SimulationSettings {
  private static final Duration MARGIN = Duration.ofSeconds(30);
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

    static Kind parse(String text) {
      return Arrays.stream(values())
          .filter(kind -> kind.word().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "'" + text + "' is unknown; choose some of term, twice, ramp, rolling"));
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The plan of every stage.
   *
   * @param rampup how long the clients take to arrive
   * @param hold from then to the signal
   * @param delay time between two events of a stream
   * @param stopWithin longest time from the first signal to the end of the process
   * @param reconnect how long a client waits before it resumes its stream
   * @param stopCommand stops the user's own server, by the shell
   */
  record Plan(
      @Option(in = "1..50000") int clients,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "100ms..1h") Duration hold,
      @Option(in = "1ms..1m", form = Form.MILLIS) Duration delay,
      @Option(in = "100ms..1h") Duration stopWithin,
      @Option(in = "0..1m") Duration reconnect,
      @Option(name = "events.stop") Optional<String> stopCommand) {}

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static ShutdownSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    EventsSettings events = from.read(EventsSettings.class);
    Plan plan = from.read(Plan.class);
    List<Kind> kinds = from.list("stages", Kind::parse);
    if (events.isExternal() && plan.stopCommand.isEmpty()) {
      from.error(
          "events.stop",
          "must be the command that stops your server, such as 'docker stop sse' or 'kill 1234';"
              + " without -Devents.url the bundled server is stopped");
    }
    if (!events.isExternal() && plan.stopCommand.isPresent()) {
      from.error("events.stop", "stops a server of your own: name it by -Devents.url");
    }
    if (kinds.isEmpty()) {
      from.error("stages", "must name at least one of term, twice, ramp, rolling");
    }
    Map<String, Double> words = Map.of("delay", EventsSettings.ms(plan.delay));
    CommonSettings common = events.common(config, "ShutdownSimulation", words);
    from.finish();
    return new ShutdownSettings(common, events, plan, kinds);
  }

  /** Returns the stages that can be played: a server of the user's own is stopped once. */
  List<Kind> played() {
    return events.isExternal() ? List.of(Kind.TERM) : kinds;
  }

  /** Returns the number of the warm-up's clients. */
  public int warmUpClients() {
    return EventsSettings.warmUpClients(plan.clients);
  }

  /** Returns the longest time that one stage takes. */
  Duration stage() {
    return plan.rampup
        .plus(plan.hold.multipliedBy(2))
        .plus(plan.stopWithin.plus(RESTART).multipliedBy(2))
        .plus(events.timeout());
  }

  @Override
  public Duration longest() {
    return common.warmup().plus(stage().multipliedBy(played().size())).plus(MARGIN);
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%,d clients stream an event every %d ms when their server is stopped (%s), which may take"
            + " %s; a warm-up of %d s is cut.",
        plan.clients,
        plan.delay.toMillis(),
        played().stream().map(Kind::word).collect(Collectors.joining(", ")),
        Numbers.words(plan.stopWithin.toMillis() / 1e3, "s"),
        common.warmup().toSeconds());
  }
}

package simulations.ticker;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import settings.SettingsReader;
import simulations.run.CommonSettings;
import simulations.run.RunOptions;
import simulations.run.SimulationSettings;
import simulations.run.Slos;
import simulations.run.SuiteConfig;
import verdict.Threshold;

/**
 * The settings of the ping-pong run.
 *
 * @param common those of every simulation
 * @param stages one after the other, at least one
 * @param cooldown between the end of a stage and the next one
 * @param timeout of a pong
 * @param feed published to the users
 * @param service under load
 * @param defect planted in the bundled ticker; empty for none
 * @param attacks whether attackers and a slow client come too; only to the bundled ticker
 */
public record TickerSettings(
    CommonSettings common,
    List<TickerStage> stages,
    Duration cooldown,
    Duration timeout,
    Feed feed,
    Service service,
    String defect,
    boolean attacks)
    implements SimulationSettings {
  private static final String SIMULATION = "PingPongSimulation";
  private static final Slos.Unit SOCKET =
      new Slos.Unit("socket", List.of("rtt.max", "delivery_lag.max"));
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofSeconds(90);

  /**
   * The feed of the bundled publisher.
   *
   * @param rate messages a second, of all feeds together
   * @param tokens of the market
   */
  public record Feed(double rate, int tokens) {}

  /**
   * The service under load.
   *
   * @param wsUrl the user's own; empty if the bundled ticker is started
   * @param token of all users of the user's own service; empty if each gets one of its own
   * @param natsUrl for the bundled ticker; empty if a nats-server is started
   */
  public record Service(Optional<URI> wsUrl, Optional<String> token, Optional<String> natsUrl) {
    /** Leaves the token and the passwords out: a record's text may end up in a log. */
    @Override
    public String toString() {
      return "Service[" + (wsUrl.isPresent() ? "external" : "bundled") + "]";
    }
  }

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static TickerSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    Service service = service(from);
    List<TickerStage> stages = RunOptions.parsed(from, "stages", TickerStage::parse);
    TickerStage alone = TickerStage.read(from);
    List<TickerStage> all = stages.isEmpty() ? List.of(alone) : TickerStage.named(stages);
    boolean attacks = from.flag("attacks");
    TickerSettings settings =
        new TickerSettings(
            common(config, all),
            all,
            from.wholeSeconds("cooldown", Duration.ZERO, HOUR),
            from.duration("timeout", Duration.ofMillis(10), HOUR),
            new Feed(
                from.decimal("feed-rate", 0.001, 100_000), from.integer("feed-tokens", 1, 2000)),
            service,
            defect(from, service),
            attacks && service.wsUrl().isEmpty());
    from.finish();
    return settings;
  }

  /** Returns true if the stages were named one by one: then each has figures of its own. */
  boolean isStaged() {
    return !stages.get(0).name().isEmpty();
  }

  @Override
  public Duration longest() {
    Duration load = common.warmup().multipliedBy(2).plus(timeout);
    for (TickerStage stage : stages) {
      load = load.plus(stage.rampup()).plus(stage.duration());
      load = load.plus(timeout).plus(cooldown).plus(TICK);
    }
    return load.plus(MARGIN);
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "WebSockets%s: %s; each gets a feed of %s messages a second; a warm-up of %d s is cut.",
        isStaged() ? " in " + stages.size() + " stages, " + cooldown.toSeconds() + " s apart" : "",
        stages.stream().map(TickerStage::words).collect(Collectors.joining("; ")),
        feed.rate(),
        common.warmup().toSeconds());
  }

  /** The user's own thresholds come before those expected of the size. */
  private static CommonSettings common(SuiteConfig config, List<TickerStage> stages) {
    SettingsReader from = config.reader();
    double slackMs = from.duration("lag-slack", Duration.ZERO, HOUR).toNanos() / 1e6;
    Map<String, Double> words = Map.of("slack", slackMs);
    Expectations expected = Expectations.read(from, words);
    CommonSettings common =
        CommonSettings.read(config, SIMULATION, words, SOCKET)
            .withOwn(own -> Threshold.merged(own, expected.of(stages)));
    if (stages.get(0).name().isEmpty()) {
      return common;
    }
    return common.withTexts(
        texts -> {
          texts.put("stages", String.join(", ", from.texts("stages")));
          texts.keySet().removeAll(TickerStage.PARTS); // The stages state them.
          return texts;
        });
  }

  private static Service service(SettingsReader from) {
    Service service =
        new Service(
            from.wsUrl("ws.url", "ws://127.0.0.1:3001/ws"),
            from.optionalText("auth.token"),
            from.optionalText("nats.url"));
    if (service.wsUrl().isPresent() && service.natsUrl().isPresent()) {
      from.error("nats.url", "is for the bundled ticker; with -Dws.url the ticker is your own");
    }
    return service;
  }

  private static String defect(SettingsReader from, Service service) {
    String defect = from.optionalText("ticker.defect").orElse("");
    if (service.wsUrl().isPresent() && !defect.isEmpty()) {
      from.error("ticker.defect", "a defect can only be planted in the bundled ticker");
    }
    return defect;
  }
}

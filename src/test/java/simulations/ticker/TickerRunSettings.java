package simulations.ticker;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import settings.SettingsReader;
import simulations.run.BundledProcesses;
import simulations.run.RunOptions;
import simulations.run.SuiteConfig;
import verdict.Threshold;

/**
 * The settings of the ping-pong run.
 *
 * @param plan what the users do
 * @param feed what is published to them
 * @param service where they connect
 * @param targets how the bundled targets are started
 * @param attacks whether attackers and a slow client come too; only to the bundled ticker
 * @param seed of everything random
 * @param monitor time between live lines
 * @param slos what a good socket meets
 * @param thresholds what a good run meets
 * @param options what every simulation has
 */
public record TickerRunSettings(
    Plan plan,
    Feed feed,
    Service service,
    Targets targets,
    boolean attacks,
    long seed,
    Duration monitor,
    TickerSlos slos,
    List<Threshold> thresholds,
    RunOptions options) {
  /** The name that users type. */
  static final String SIMULATION = "PingPongSimulation";

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofSeconds(90);

  /**
   * What the users do.
   *
   * @param stages one after the other, at least one
   * @param cooldown between the end of a stage and the next one
   * @param warmup length of the warm-up, whole seconds
   * @param timeout how long a pong may take
   */
  public record Plan(
      List<TickerStage> stages, Duration cooldown, Duration warmup, Duration timeout) {
    /** True if the stages were named one by one: then each has figures of its own. */
    boolean isStaged() {
      return !stages.get(0).name().isEmpty();
    }
  }

  /**
   * What is published.
   *
   * @param rate messages a second, of all feeds together
   * @param tokens of the market
   */
  public record Feed(double rate, int tokens) {}

  /**
   * Where the users connect.
   *
   * @param wsUrl the user's own; empty if the bundled ticker is started
   * @param token for all users of the user's own service; empty if each gets one of its own
   * @param natsUrl for the bundled ticker; empty if a nats-server is started
   */
  public record Service(Optional<URI> wsUrl, Optional<String> token, Optional<String> natsUrl) {
    /** Without the token: a record's text may end up in a log. */
    @Override
    public String toString() {
      return "Service[" + wsUrl.map(URI::toString).orElse("bundled") + "]";
    }
  }

  /**
   * The bundled ticker.
   *
   * @param defect planted in it; empty for none
   * @param processes how it and its publisher are started
   */
  public record Targets(String defect, BundledProcesses processes) {}

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static TickerRunSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    Plan plan = plan(from);
    Service service =
        new Service(wsUrl(from), from.optionalText("auth.token"), from.optionalText("nats.url"));
    Map<String, Double> words = new LinkedHashMap<>();
    words.put("slack", from.duration("lag-slack", Duration.ZERO, HOUR).toNanos() / 1e6);
    RunOptions options = RunOptions.read(config, SIMULATION, words);
    boolean attacks = from.flag("attacks");
    TickerRunSettings settings =
        new TickerRunSettings(
            plan,
            new Feed(
                from.decimal("feed-rate", 0.001, 100_000), from.integer("feed-tokens", 1, 2000)),
            service,
            targets(from, service),
            attacks && service.wsUrl().isEmpty(),
            from.wholeNumber("seed", 0, Integer.MAX_VALUE),
            from.duration("monitor", SECOND, HOUR),
            TickerSlos.of(RunOptions.parsed(from, "slos", text -> TickerSlos.limit(text, words))),
            thresholds(from, plan, words, options),
            options);
    from.finish();
    return settings;
  }

  /** How long the run may take, whatever the service does. */
  public Duration longest() {
    Duration load = plan.warmup().multipliedBy(2).plus(plan.timeout());
    for (TickerStage stage : plan.stages()) {
      load = load.plus(stage.rampup()).plus(stage.duration());
      load = load.plus(plan.timeout()).plus(plan.cooldown()).plus(TICK);
    }
    return load.plus(MARGIN);
  }

  /** The run in one sentence. */
  public String sentence() {
    String stages =
        plan.stages().stream().map(TickerStage::words).collect(Collectors.joining("; "));
    String heading =
        plan.isStaged()
            ? String.format(
                Locale.ROOT,
                "WebSockets in %d stages, %d s apart: ",
                plan.stages().size(),
                plan.cooldown().toSeconds())
            : "WebSockets: ";
    return String.format(
        Locale.ROOT,
        "%s%s; each gets a feed of %s messages a second; a warm-up of %d s is cut.",
        heading,
        stages,
        feed.rate(),
        plan.warmup().toSeconds());
  }

  private static Plan plan(SettingsReader from) {
    List<TickerStage> stages = RunOptions.parsed(from, "stages", TickerStage::parse);
    TickerStage alone = TickerStage.read(from);
    return new Plan(
        stages.isEmpty() ? List.of(alone) : TickerStage.named(stages),
        from.wholeSeconds("cooldown", Duration.ZERO, HOUR),
        from.wholeSeconds("warmup", Duration.ZERO, HOUR),
        from.duration("timeout", Duration.ofMillis(10), HOUR));
  }

  /** The user's own limits before those expected of the size before those of every simulation. */
  private static List<Threshold> thresholds(
      SettingsReader from, Plan plan, Map<String, Double> words, RunOptions options) {
    TickerExpectations expected =
        new TickerExpectations(
            RunOptions.parsed(from, "expected", text -> TickerExpectations.parse(text, words)),
            words);
    List<Threshold> own =
        RunOptions.parsed(from, "thresholds", text -> Threshold.parse(text, words));
    return Threshold.merged(own, Threshold.merged(expected.of(plan.stages()), options.limits()));
  }

  private static Targets targets(SettingsReader from, Service service) {
    Targets targets =
        new Targets(from.optionalText("ticker.defect").orElse(""), BundledProcesses.read(from));
    if (service.wsUrl().isPresent() && !targets.defect().isEmpty()) {
      from.error("ticker.defect", "a defect can only be planted in the bundled ticker");
    }
    if (service.wsUrl().isPresent() && service.natsUrl().isPresent()) {
      from.error("nats.url", "is for the bundled ticker; with -Dws.url the ticker is your own");
    }
    return targets;
  }

  private static Optional<URI> wsUrl(SettingsReader from) {
    Optional<String> text = from.optionalText("ws.url");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI url = new URI(text.get());
      boolean ws = "ws".equals(url.getScheme()) || "wss".equals(url.getScheme());
      if (ws && url.getHost() != null && url.getQuery() == null && url.getFragment() == null) {
        return Optional.of(url);
      }
    } catch (URISyntaxException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    from.error("ws.url", "'" + text.get() + "' is not an address such as ws://127.0.0.1:3001/ws");
    return Optional.empty();
  }
}

package simulations.sse;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import settings.SettingsReader;
import simulations.run.BundledProcesses;
import simulations.run.RunOptions;
import simulations.run.SuiteConfig;
import verdict.Threshold;

/**
 * The settings of the SSE battle.
 *
 * @param clients how many clients stream
 * @param rampup how long they take to arrive, whole seconds
 * @param hold how long all of them stream after that, before no new stream is begun
 * @param warmup length of the warm-up, whole seconds
 * @param stream what each stream asks for
 * @param seed of everything random
 * @param monitor time between live lines
 * @param timeout how long a stream may take beyond its planned length
 * @param leavers users who leave in the middle
 * @param breakers users whose upstream breaks in the middle
 * @param api which of the two ways streams are asked for
 * @param service where they are asked for
 * @param targets how the bundled targets are started
 * @param verifyText whether every token's text is checked
 * @param slos what a good stream meets
 * @param thresholds what a good run meets
 * @param options what every simulation has
 */
public record SseBattleSettings(
    int clients,
    Duration rampup,
    Duration hold,
    Duration warmup,
    StreamPlan stream,
    long seed,
    Duration monitor,
    Duration timeout,
    int leavers,
    int breakers,
    Api api,
    Service service,
    BundledTargets targets,
    boolean verifyText,
    StreamSlos slos,
    List<Threshold> thresholds,
    RunOptions options) {
  /** The name that users type. */
  static final String SIMULATION = "SseBattleSimulation";

  private static final int MAX_CLIENTS = 50_000;
  private static final int MAX_PROXIES = 16;
  private static final int MIN_PROBES = 2;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /** The two ways to ask for a stream. */
  public enum Api {
    /** {@code GET /sse?client_id=…}, as the original. */
    SSE,
    /** {@code POST /v1/chat/completions}, as any OpenAI client. */
    CHAT
  }

  /**
   * What each stream asks for.
   *
   * @param tokens content events
   * @param duration planned length, from the first token
   * @param firstToken planned delay of the first token
   * @param jitter each token comes up to this much later
   */
  public record StreamPlan(int tokens, Duration duration, Duration firstToken, Duration jitter) {
    private static final double NS_PER_MS = 1e6;

    /**
     * The warm-up's streams: the same pace, cut to at most so long, so that the warm-up ends soon
     * after its last user came.
     */
    StreamPlan shortened(Duration most) {
      if (duration.compareTo(most) <= 0) {
        return this;
      }
      int fewer = (int) Math.max(1, tokens * most.toMillis() / duration.toMillis());
      return new StreamPlan(
          fewer, duration.dividedBy(tokens).multipliedBy(fewer), firstToken, jitter);
    }

    /** Planned time between two tokens in ms. */
    public double intervalMs() {
      return durationMs() / tokens;
    }

    /** Planned time from request to the last event in ms. */
    public double durationMs() {
      return duration.toNanos() / NS_PER_MS;
    }

    /** The words of limits. */
    Map<String, Double> words(Duration slack) {
      Map<String, Double> words = new LinkedHashMap<>();
      words.put("interval", intervalMs());
      words.put("duration", durationMs() + firstToken.toNanos() / NS_PER_MS);
      words.put("slack", slack.toNanos() / NS_PER_MS);
      return words;
    }
  }

  /**
   * The service under load.
   *
   * @param proxyUrl the user's own; empty if the bundled targets are started
   * @param llmUrl where its upstream's metrics are, if they can be read
   * @param apiKey sent as a bearer token if present
   * @param model asked for with {@link Api#CHAT}
   */
  public record Service(
      Optional<URI> proxyUrl, Optional<URI> llmUrl, Optional<String> apiKey, String model) {
    /** True if nothing is started. */
    public boolean isExternal() {
      return proxyUrl.isPresent();
    }

    /** Without the key: a record's text may end up in a log. */
    @Override
    public String toString() {
      return "Service[" + proxyUrl.map(URI::toString).orElse("bundled") + "]";
    }
  }

  /**
   * How the bundled targets are started.
   *
   * @param proxies how many proxies stand side by side, each a process of its own
   * @param proxyDefect planted in the proxies; empty for none
   * @param llmDefect planted in the token server; empty for none
   * @param processes how each is started
   */
  public record BundledTargets(
      int proxies, String proxyDefect, String llmDefect, BundledProcesses processes) {}

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static SseBattleSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    int clients = from.integer("clients", 1, MAX_CLIENTS);
    StreamPlan stream = stream(from);
    Map<String, Double> words = stream.words(from.duration("gap-slack", Duration.ZERO, HOUR));
    Service service =
        new Service(
            from.httpUrl("proxy.url"),
            from.httpUrl("llm.url"),
            from.optionalText("api-key"),
            from.text("model"));
    RunOptions options = RunOptions.read(config, SIMULATION, words);
    SseBattleSettings settings =
        new SseBattleSettings(
            clients,
            from.wholeSeconds("rampup", SECOND, HOUR),
            from.duration("hold", Duration.ZERO, HOUR),
            from.wholeSeconds("warmup", Duration.ZERO, HOUR),
            stream,
            from.wholeNumber("seed", 0, Integer.MAX_VALUE),
            from.duration("monitor", SECOND, HOUR),
            from.duration("timeout", SECOND, HOUR),
            probes(from, "leavers", clients, service),
            probes(from, "breakers", clients, service),
            from.oneOf("api", List.of("sse", "chat")).equals("chat") ? Api.CHAT : Api.SSE,
            service,
            targets(from, service),
            verifyText(from, service),
            StreamSlos.of(RunOptions.parsed(from, "slos", text -> StreamSlos.limit(text, words))),
            Threshold.merged(
                RunOptions.parsed(from, "thresholds", text -> Threshold.parse(text, words)),
                options.limits()),
            options);
    from.finish();
    return settings;
  }

  /** How long the run may take, whatever the service does. */
  public Duration longest() {
    Duration stream = stream().firstToken().plus(stream().duration()).plus(timeout);
    return warmup.plus(rampup).plus(hold).plus(stream.multipliedBy(2)).plus(MARGIN);
  }

  /** The run in one sentence. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%,d clients arrive over %d s and stream %,d tokens in %s s each, again and again until"
            + " %s s have passed; a warm-up of %d s is cut.",
        clients,
        rampup.toSeconds(),
        stream.tokens(),
        seconds(stream.duration()),
        seconds(rampup.plus(hold)),
        warmup.toSeconds());
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private static StreamPlan stream(SettingsReader from) {
    return new StreamPlan(
        from.integer("tokens", 1, 100_000),
        from.duration("duration", Duration.ofMillis(1), HOUR),
        from.duration("first-token", Duration.ZERO, HOUR),
        from.duration("jitter", Duration.ZERO, Duration.ofMinutes(1)));
  }

  private static BundledTargets targets(SettingsReader from, Service service) {
    BundledTargets targets =
        new BundledTargets(
            from.integer("proxies", 1, MAX_PROXIES),
            from.optionalText("proxy.defect").orElse(""),
            from.optionalText("llm.defect").orElse(""),
            BundledProcesses.read(from));
    if (service.isExternal() && !(targets.proxyDefect() + targets.llmDefect()).isEmpty()) {
      from.error("proxy.defect", "a defect can only be planted in the bundled targets");
    }
    return targets;
  }

  private static boolean verifyText(SettingsReader from, Service service) {
    String verify = from.oneOf("verify", List.of("auto", "yes", "no"));
    return verify.equals("yes") || (verify.equals("auto") && !service.isExternal());
  }

  /** Leavers and breakers need counters and a test aid that only the bundled targets have. */
  private static int probes(SettingsReader from, String path, int clients, Service service) {
    int percent = from.integer(path, 0, 100);
    return percent == 0 || service.isExternal()
        ? 0
        : Math.max(MIN_PROBES, Math.round(clients * percent / 100f));
  }
}

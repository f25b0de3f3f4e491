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
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.Slos;
import simulations.run.SuiteConfig;
import stack.Peer;

/**
 * The settings of the SSE battle.
 *
 * @param common those of every simulation
 * @param clients number of clients that stream
 * @param rampup length of their arrival, whole seconds
 * @param hold time after that until no new stream is begun
 * @param stream plan of each stream
 * @param timeout of a stream beyond its planned length
 * @param leavers users who leave in the middle
 * @param breakers users whose upstream breaks in the middle
 * @param service under load
 * @param bundled targets, if it is none of the user's own
 * @param verifyText whether every token's text is checked
 */
public record SseSettings(
    CommonSettings common,
    int clients,
    Duration rampup,
    Duration hold,
    StreamPlan stream,
    Duration timeout,
    int leavers,
    int breakers,
    Service service,
    Bundled bundled,
    boolean verifyText)
    implements SimulationSettings {
  private static final String SIMULATION = "SseBattleSimulation";
  private static final Slos.Unit STREAM =
      new Slos.Unit("stream", List.of("ttft", "e2e", "gap.p99", "gap.max"));
  private static final int MAX_CLIENTS = 50_000;
  private static final int MAX_PROXIES = 16;
  private static final int MIN_PROBES = 2;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /** The two ways to request a stream. */
  public enum Api {
    /** {@code GET /sse?client_id=…}, as the original. */
    SSE,
    /** {@code POST /v1/chat/completions}, as any OpenAI client. */
    CHAT
  }

  /**
   * The plan of each stream.
   *
   * @param tokens content events
   * @param duration planned length, from the first token
   * @param firstToken planned delay of the first token
   * @param jitter largest random delay of each token
   */
  public record StreamPlan(int tokens, Duration duration, Duration firstToken, Duration jitter) {
    private static final double NS_PER_MS = 1e6;

    /** Returns the plan of a shorter stream at the same pace, at most that long. */
    StreamPlan shortened(Duration most) {
      if (duration.compareTo(most) <= 0) {
        return this;
      }
      int fewer = (int) Math.max(1, tokens * most.toMillis() / duration.toMillis());
      return new StreamPlan(
          fewer, duration.dividedBy(tokens).multipliedBy(fewer), firstToken, jitter);
    }

    /** Returns the planned time between two tokens in ms. */
    double intervalMs() {
      return ms(duration) / tokens;
    }

    /** Returns the planned time from the request to the last event. */
    Duration whole() {
      return firstToken.plus(duration);
    }

    private Map<String, Double> words(Duration slack) {
      Map<String, Double> words = new LinkedHashMap<>();
      words.put("interval", intervalMs());
      words.put("duration", ms(whole()));
      words.put("slack", ms(slack));
      return words;
    }

    private static double ms(Duration duration) {
      return duration.toNanos() / NS_PER_MS;
    }
  }

  /**
   * The service under load.
   *
   * @param proxyUrl the user's own; empty if the bundled targets are started
   * @param llmUrl address of its upstream's metrics, if the user named it
   * @param api way to request a stream
   * @param apiKey sent as a bearer token if present
   * @param model requested with {@link Api#CHAT}
   */
  public record Service(
      Optional<URI> proxyUrl,
      Optional<URI> llmUrl,
      Api api,
      Optional<String> apiKey,
      String model) {
    /** Returns true if nothing is started. */
    public boolean isExternal() {
      return proxyUrl.isPresent();
    }

    /** Leaves the key out: a record's text may end up in a log. */
    @Override
    public String toString() {
      return "Service[" + (isExternal() ? "external" : "bundled") + "]";
    }
  }

  /**
   * The bundled targets.
   *
   * @param proxies number of proxies side by side, each a process of its own
   * @param peer takes the proxies' place
   * @param proxyDefect planted in the proxies; empty for none
   * @param llmDefect planted in the token server; empty for none
   */
  public record Bundled(
      int proxies, Optional<Peer.Kind> peer, String proxyDefect, String llmDefect) {}

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static SseSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    int clients = from.integer("clients", 1, MAX_CLIENTS);
    StreamPlan stream = stream(from);
    Map<String, Double> words = stream.words(from.duration("gap-slack", Duration.ZERO, HOUR));
    Optional<Peer.Kind> peer = peer(from);
    Service service = service(from, peer);
    SseSettings settings =
        new SseSettings(
            CommonSettings.read(config, SIMULATION, words, STREAM),
            clients,
            from.wholeSeconds("rampup", SECOND, HOUR),
            from.duration("hold", Duration.ZERO, HOUR),
            stream,
            from.duration("timeout", SECOND, HOUR),
            probes(from, "leavers", clients, service),
            probes(from, "breakers", clients, service),
            service,
            bundled(from, service, peer),
            verifyText(from, service));
    from.finish();
    return settings;
  }

  @Override
  public Duration longest() {
    Duration last = stream.whole().plus(timeout).multipliedBy(2);
    return common.warmup().plus(rampup).plus(hold).plus(last).plus(MARGIN);
  }

  @Override
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
        common.warmup().toSeconds());
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

  private static Service service(SettingsReader from, Optional<Peer.Kind> peer) {
    return new Service(
        from.httpUrl("proxy.url"),
        from.httpUrl("llm.url"),
        from.oneOf("api", List.of("sse", "chat")).equals("chat") || peer.isPresent()
            ? Api.CHAT
            : Api.SSE,
        from.optionalText("api-key"),
        from.text("model"));
  }

  private static Bundled bundled(SettingsReader from, Service service, Optional<Peer.Kind> peer) {
    Bundled bundled =
        new Bundled(
            from.integer("proxies", 1, MAX_PROXIES),
            peer,
            from.optionalText("proxy.defect").orElse(""),
            from.optionalText("llm.defect").orElse(""));
    if (service.isExternal() && !(bundled.proxyDefect() + bundled.llmDefect()).isEmpty()) {
      from.error("proxy.defect", "a defect can only be planted in the bundled targets");
    }
    if (bundled.peer().isPresent() && (service.isExternal() || !bundled.proxyDefect().isEmpty())) {
      from.error(
          "proxy.peer",
          "a peer takes the bundled proxy's place: leave -Dproxy.url and" + " -Dproxy.defect out");
    }
    return bundled;
  }

  private static Optional<Peer.Kind> peer(SettingsReader from) {
    return from.optionalText("proxy.peer").isEmpty()
        ? Optional.empty()
        : Peer.Kind.of(from.oneOf("proxy.peer", List.of("nginx", "haproxy")));
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

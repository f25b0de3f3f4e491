package simulations.sse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import settings.Checked;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.Slos;
import simulations.run.SuiteConfig;
import simulations.run.Verify;
import stack.Peer;

/**
 * The settings of the SSE battle.
 *
 * @param stream plan of each stream
 */
public record SseSettings(
    CommonSettings common, Users users, StreamPlan stream, Service service, Bundled bundled)
    implements SimulationSettings {
  private static final Slos.Unit STREAM =
      new Slos.Unit("stream", List.of("ttft", "e2e", "gap.p99", "gap.max"));
  private static final int MIN_PROBES = 2;
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /**
   * The users, with leavers and breakers in per cent of the clients.
   *
   * @param rampup length of the clients' arrival
   * @param hold time after that until no new stream is begun
   * @param timeout of a stream beyond its planned length
   * @param gapSlack value of the word slack in thresholds
   */
  public record Users(
      @Option(in = "1..50000") int clients,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "0..1h") Duration hold,
      @Option(in = "1s..1h") Duration timeout,
      @Option(in = "0..100") int leavers,
      @Option(in = "0..100") int breakers,
      @Option(in = "0..1h") Duration gapSlack) {}

  /** The ways to request a stream. */
  enum Api {
    /** {@code GET /sse?client_id=…}, as the original. */
    SSE("/sse", "", ""),
    /** OpenAI's chat completions. */
    CHAT("/v1/chat/completions", "messages", "max_tokens"),
    /** OpenAI's responses. */
    RESPONSES("/v1/responses", "input", "max_output_tokens"),
    /** Anthropic's messages. */
    MESSAGES("/v1/messages", "messages", "max_tokens");

    private final String path;
    private final String prompt;
    private final String tokenBound;

    Api(String path, String prompt, String tokenBound) {
      this.path = path;
      this.prompt = prompt;
      this.tokenBound = tokenBound;
    }

    String path() {
      return path;
    }

    /** Returns the field that holds the messages. */
    String prompt() {
      return prompt;
    }

    /** Returns the field that bounds the tokens of the answer. */
    String tokenBound() {
      return tokenBound;
    }
  }

  /**
   * Fields of a request.
   *
   * @param all by name
   */
  record Fields(ObjectNode all) {
    static Fields parse(String text) {
      try {
        return new Fields(new ObjectMapper().readValue(text, ObjectNode.class));
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("'" + text + "' is not a JSON object", e);
      }
    }
  }

  /** Programs that can take the bundled proxy's place. */
  enum ProxyPeer {
    NGINX,
    HAPROXY;

    Peer.Kind kind() {
      return Peer.Kind.valueOf(name());
    }
  }

  /**
   * The plan of each stream.
   *
   * @param duration planned length, from the first token
   * @param firstToken planned delay of the first token
   * @param jitter largest random delay of each token
   */
  record StreamPlan(
      @Option(in = "1..100000") int tokens,
      @Option(in = "1ms..1h") Duration duration,
      @Option(in = "0..1h") Duration firstToken,
      @Option(in = "0..1m") Duration jitter) {
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
  }

  /**
   * The service under load.
   *
   * @param serviceUrl the user's own; empty if the bundled targets are started
   * @param proxyUrl the same by its other name
   * @param llmUrl address of its upstream's metrics, if the user named it
   * @param apiKey sent as the API's clients send it, if present
   * @param header further headers
   * @param body further fields of the request, a JSON object; null takes a field out
   * @param verify whether every token's text is checked
   */
  public record Service(
      @Option(name = "service.url") Optional<ServiceUrl> serviceUrl,
      @Option(name = "proxy.url") Optional<ServiceUrl> proxyUrl,
      @Option(name = "llm.url", like = "http://127.0.0.1:10080") Optional<URI> llmUrl,
      @Option Api api,
      @Option Optional<String> apiKey,
      @Option Optional<Headers> header,
      @Option Optional<Fields> body,
      @Option String model,
      @Option Verify verify)
      implements Checked {
    @Override
    public void check(SettingsReader from) {
      if (serviceUrl.isPresent() && proxyUrl.isPresent()) {
        from.error("proxy.url", "is another name of -Dservice.url; leave one of them out");
      }
    }

    Optional<ServiceUrl> url() {
      return serviceUrl.or(() -> proxyUrl);
    }

    boolean isExternal() {
      return url().isPresent();
    }

    /** Returns the option by which the user named the service. */
    String option() {
      return serviceUrl.isPresent() ? "-Dservice.url" : "-Dproxy.url";
    }

    /** Returns the headers of each request. */
    public Map<String, String> headers() {
      Map<String, String> all = new LinkedHashMap<>();
      if (api == Api.MESSAGES) {
        all.put("anthropic-version", "2023-06-01");
        apiKey.ifPresent(key -> all.put("x-api-key", key));
      } else {
        apiKey.ifPresent(key -> all.put("authorization", "Bearer " + key));
      }
      header.ifPresent(more -> all.putAll(more.all()));
      return all;
    }

    /** Returns what the service said without the secrets that were sent to it. */
    String masked(String text) {
      String open = text;
      for (String value : headers().values()) {
        String secret = value.replaceFirst("^Bearer ", "");
        open = secret.isEmpty() ? open : open.replace(secret, "***");
      }
      return open;
    }

    boolean verifyText() {
      return verify.holds(!isExternal());
    }

    /** Returns true if the service gets the plan of each stream, and follows it. */
    boolean isPlanned() {
      return !isExternal() || verifyText();
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
   */
  record Bundled(
      @Option(in = "1..16") int proxies,
      @Option(name = "proxy.peer") Optional<ProxyPeer> peer,
      @Option(name = "proxy.defect") Optional<String> proxyDefect,
      @Option(name = "llm.defect") Optional<String> llmDefect)
      implements Checked {
    @Override
    public void check(SettingsReader from) {
      boolean external =
          from.optionalText("proxy.url").or(() -> from.optionalText("service.url")).isPresent();
      if (external && proxyDefect.or(() -> llmDefect).isPresent()) {
        from.error("proxy.defect", "a defect can only be planted in the bundled targets");
      }
      if (peer.isPresent() && (external || proxyDefect.isPresent())) {
        from.error(
            "proxy.peer",
            "a peer takes the bundled proxy's place: leave -Dproxy.url and -Dproxy.defect out");
      }
    }
  }

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static SseSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    StreamPlan stream = from.read(StreamPlan.class);
    Users users = from.read(Users.class);
    double wholeMs = ms(stream.whole());
    double slackMs = ms(users.gapSlack);
    Service service = from.read(Service.class);
    double known = service.isPlanned() ? 1 : Double.NaN;
    Map<String, Double> words =
        Map.of(
            "interval", known * stream.intervalMs(), "duration", known * wholeMs, "slack", slackMs);
    SseSettings settings =
        new SseSettings(
            CommonSettings.read(config, "SseBattleSimulation", words, STREAM),
            users,
            stream,
            service,
            from.read(Bundled.class));
    from.finish();
    return settings;
  }

  int leavers() {
    return probes(users.leavers);
  }

  int breakers() {
    return probes(users.breakers);
  }

  /** Leavers and breakers need counters and a test aid that only the bundled targets have. */
  private int probes(int percent) {
    return percent == 0 || service.isExternal()
        ? 0
        : Math.max(MIN_PROBES, Math.round(users.clients * percent / 100f));
  }

  /** Returns the number of users of the measured phase, probes included. */
  public int allUsers() {
    return users.clients + leavers() + breakers();
  }

  boolean verifyText() {
    return service.verifyText();
  }

  boolean isPlanned() {
    return service.isPlanned();
  }

  /** Returns the way to request streams; peers know no original's. */
  Api api() {
    return service.api == Api.SSE && bundled.peer.isPresent() ? Api.CHAT : service.api;
  }

  @Override
  public Duration longest() {
    Duration last = stream.whole().plus(users.timeout).multipliedBy(2);
    return common.warmup().plus(users.rampup).plus(users.hold).plus(last).plus(MARGIN);
  }

  @Override
  public String sentence() {
    String each = isPlanned() ? "%,d tokens in %s s each" : "what the service sends";
    return String.format(
        Locale.ROOT,
        "%,d clients arrive over %d s and stream %s, again and again until"
            + " %s s have passed; a warm-up of %d s is cut.",
        users.clients,
        users.rampup.toSeconds(),
        String.format(Locale.ROOT, each, stream.tokens, seconds(stream.duration)),
        seconds(users.rampup.plus(users.hold)),
        common.warmup().toSeconds());
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private static double ms(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}

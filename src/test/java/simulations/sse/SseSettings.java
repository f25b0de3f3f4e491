package simulations.sse;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
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

  /** The two ways to request a stream. */
  enum Api {
    /** {@code GET /sse?client_id=…}, as the original. */
    SSE,
    /** {@code POST /v1/chat/completions}, as any OpenAI client. */
    CHAT
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
   * @param proxyUrl the user's own; empty if the bundled targets are started
   * @param llmUrl address of its upstream's metrics, if the user named it
   * @param apiKey sent as a bearer token if present
   * @param verify whether every token's text is checked
   */
  public record Service(
      @Option(name = "proxy.url", like = "http://127.0.0.1:10080") Optional<URI> proxyUrl,
      @Option(name = "llm.url", like = "http://127.0.0.1:10080") Optional<URI> llmUrl,
      @Option Api api,
      @Option Optional<String> apiKey,
      @Option String model,
      @Option Verify verify) {
    boolean isExternal() {
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
   */
  record Bundled(
      @Option(in = "1..16") int proxies,
      @Option(name = "proxy.peer") Optional<ProxyPeer> peer,
      @Option(name = "proxy.defect") Optional<String> proxyDefect,
      @Option(name = "llm.defect") Optional<String> llmDefect)
      implements Checked {
    @Override
    public void check(SettingsReader from) {
      boolean external = from.optionalText("proxy.url").isPresent();
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
    Map<String, Double> words =
        Map.of("interval", stream.intervalMs(), "duration", wholeMs, "slack", slackMs);
    SseSettings settings =
        new SseSettings(
            CommonSettings.read(config, "SseBattleSimulation", words, STREAM),
            users,
            stream,
            from.read(Service.class),
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
    return service.verify.holds(!service.isExternal());
  }

  /** Returns true if streams are requested as chats; peers are given nothing else. */
  boolean isChat() {
    return service.api == Api.CHAT || bundled.peer.isPresent();
  }

  @Override
  public Duration longest() {
    Duration last = stream.whole().plus(users.timeout).multipliedBy(2);
    return common.warmup().plus(users.rampup).plus(users.hold).plus(last).plus(MARGIN);
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%,d clients arrive over %d s and stream %,d tokens in %s s each, again and again until"
            + " %s s have passed; a warm-up of %d s is cut.",
        users.clients,
        users.rampup.toSeconds(),
        stream.tokens,
        seconds(stream.duration),
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

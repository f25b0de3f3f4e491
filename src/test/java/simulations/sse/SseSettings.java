package simulations.sse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import settings.Checked;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.run.CommonSettings;
import simulations.run.OpenArrivals;
import simulations.run.SimulationSettings;
import simulations.run.Slos;
import simulations.run.SuiteConfig;
import verdict.Numbers;

/** The settings of the SSE battle. */
public record SseSettings(
    CommonSettings common,
    Users users,
    Flow flow,
    Dialogue dialogue,
    StreamPlan stream,
    Service service,
    Bundled bundled)
    implements SimulationSettings {
  /** What is left of a planned stream that is cancelled, or it might end before it is. */
  private static final Duration CANCEL_MARGIN = Duration.ofMillis(500);

  private static final Slos.Unit STREAM =
      new Slos.Unit("stream", List.of("ttft", "e2e", "gap.p99", "gap.max"));
  private static final int MIN_PROBES = 2;
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /**
   * The users, with leavers and breakers in per cent of the clients.
   *
   * @param hold time after that until no new stream is begun
   * @param timeout of a stream beyond its planned length
   */
  public record Users(
      @Option(in = "1..50000") int clients,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "0..1h") Duration hold,
      @Option(in = "1s..1h") Duration timeout,
      @Option(in = "0..100") int leavers,
      @Option(in = "0..100") int breakers,
      @Option(in = "0..1h", word = "slack") Duration gapSlack) {}

  /** The ways to request a stream. */
  enum Api {
    /** {@code GET /sse?client_id=…}, as the original. */
    SSE("/sse", "", "", "[DONE]"),
    /** OpenAI's chat completions. */
    CHAT("/v1/chat/completions", "messages", "max_tokens", "[DONE]"),
    /** OpenAI's responses. */
    RESPONSES("/v1/responses", "input", "max_output_tokens", "response.completed"),
    /** Anthropic's messages. */
    MESSAGES("/v1/messages", "messages", "max_tokens", "message_stop");

    final String path;

    /** The field that holds the messages. */
    final String prompt;

    /** The field that bounds the tokens of the answer. */
    final String tokenBound;

    /** The event that ends a stream. */
    final String last;

    Api(String path, String prompt, String tokenBound, String last) {
      this.path = path;
      this.prompt = prompt;
      this.tokenBound = tokenBound;
      this.last = last;
    }
  }

  /** Fields of a request, by name. */
  record Fields(ObjectNode all) {
    static Fields parse(String text) {
      try {
        return new Fields(new ObjectMapper().readValue(text, ObjectNode.class));
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("'" + text + "' is not a JSON object", e);
      }
    }
  }

  /**
   * The plan of each stream.
   *
   * @param duration planned length, from the first token
   * @param jitter largest random delay of each token
   */
  record StreamPlan(
      @Option(in = "1..100000") int tokens,
      @Option(in = "1ms..1h") Duration duration,
      @Option(in = "0..1h") Duration firstToken,
      @Option(in = "0..1m") Duration jitter) {
    /** Returns the plan of a shorter stream at the same pace, at most that long. */
    StreamPlan shortened(Duration most) {
      return duration.compareTo(most) <= 0
          ? this
          : of((int) Math.max(1, tokens * most.toMillis() / duration.toMillis()));
    }

    /** Returns the plan of a stream of so many tokens at the same pace. */
    StreamPlan of(int other) {
      return other == tokens
          ? this
          : new StreamPlan(
              other, duration.dividedBy(tokens).multipliedBy(other), firstToken, jitter);
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
   * The bundled targets.
   *
   * @param proxies number of proxies side by side, each a process of its own
   * @param peer takes the proxies' place
   */
  record Bundled(
      @Option(in = "1..16") int proxies,
      @Option(
              name = "proxy.peer",
              matches = "nginx|haproxy",
              otherwise = "is unknown; choose one of nginx, haproxy")
          Optional<String> peer,
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

  /** Reads the settings, or throws BadSettings with every wrong value. */
  public static SseSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    StreamPlan stream = from.read(StreamPlan.class);
    Users users = from.read(Users.class);
    double wholeMs = ms(stream.whole());
    Service service = from.read(Service.class);
    double known = service.isPlanned() ? 1 : Double.NaN;
    from.words()
        .putAll(Map.of("interval", known * stream.intervalMs(), "duration", known * wholeMs));
    SseSettings settings =
        new SseSettings(
            CommonSettings.read(config, STREAM),
            users,
            from.read(Flow.class),
            from.read(Dialogue.class),
            stream,
            service,
            from.read(Bundled.class));
    if (from.isRight()) {
      Optional<String> sum = settings.dialogue.prompts().flatMap(Prompts::sum);
      sum.ifPresent(digits -> settings.common.texts().put("prompts.sha256", digits));
      settings.check(from);
    }
    from.finish();
    return settings;
  }

  /** What single values cannot show. */
  private void check(SettingsReader from) {
    common.shares(from, "clients", users.clients);
    if (api() == Api.SSE) {
      String needs = "needs an API with messages: -Dapi=chat, responses or messages";
      if (dialogue.prompts().isPresent() || dialogue.promptWords() > 0) {
        from.error(dialogue.prompts().isPresent() ? "prompts" : "prompt-words", needs);
      }
      if (dialogue.turns() > 1) {
        from.error("turns", needs);
      }
    }
    if (flow.isOpen()
        && flow.plan(users, 1, 0).expected() > OpenArrivals.ARRIVALS_MAX
        && flow.maxRequests() == 0) {
      from.error(
          "rate", "makes more than " + OpenArrivals.ARRIVALS_MAX + " arrivals; hold for less time");
    }
    if (flow.isOpen() && isPlanned()) {
      Duration stay = meanConversation();
      double busy = flow.plan(users, dialogue.turns(), 0).present(ms(stay) / 1e3);
      if (busy > users.clients) {
        from.error(
            "clients",
            Numbers.sentence(
                "must be at least %s, which this rate keeps busy for %s each; raise it, with room"
                    + " for chance, or lower -Drate",
                (long) Math.ceil(busy), stay));
      }
    }
    if (dialogue.cancel() > 0 && !isLeft(dialogue.cancelAfter(), stream.tokens)) {
      from.error(
          "cancel-after",
          Numbers.sentence(
              "must be %s before the end of a stream at least, which takes %s",
              CANCEL_MARGIN, stream.whole()));
    }
  }

  /** Returns the length of a conversation in which no stream is longer than this. */
  Duration conversation(Duration stream) {
    return stream
        .multipliedBy(dialogue.turns())
        .plus(dialogue.think().multipliedBy(dialogue.turns() - 1L));
  }

  /** Returns the planned mean; a conversation ends with the turn that its user cancels. */
  private Duration meanConversation() {
    double turnMs =
        dialogue.all().entries().stream()
            .mapToInt(entry -> Math.min(entry.maxTokens().orElse(stream.tokens), stream.tokens))
            .mapToDouble(this::meanMs)
            .average()
            .orElseThrow();
    double turns =
        IntStream.range(0, dialogue.turns())
            .mapToDouble(turn -> Math.pow(1 - dialogue.cancel(), turn))
            .sum();
    return Duration.ofMillis(
        Math.round(turns * turnMs + (turns - 1) * dialogue.think().toMillis()));
  }

  private double meanMs(int tokens) {
    Ask.Leaving leaving = dialogue.cancelAfter();
    double cancel = isLeft(leaving, tokens) ? dialogue.cancel() : 0;
    return (1 - cancel) * ms(stream.of(tokens).whole()) + cancel * ms(until(leaving, tokens));
  }

  /** Returns false if a planned stream of so many tokens might end before its user leaves it. */
  boolean isLeft(Ask.Leaving leaving, int tokens) {
    Duration rest = stream.of(tokens).whole().minus(until(leaving, tokens));
    return !isPlanned() || rest.compareTo(CANCEL_MARGIN) >= 0;
  }

  private Duration until(Ask.Leaving leaving, int tokens) {
    return leaving.isTimed()
        ? leaving.after()
        : stream.of(Math.min(leaving.chunks(), tokens)).whole().plus(stream.jitter);
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

  /**
   * Returns the number of users of the warm-up: as many as are busy at the rate of an open load.
   */
  public int warmUpUsers() {
    double arriving = Math.ceil(flow.rate() * Math.max(1, common.warmup().toSeconds()));
    return flow.isOpen() ? (int) Math.min(users.clients, arriving) : users.clients;
  }

  /** Returns the headers of each request that the user does not name. */
  public Map<String, String> headers() {
    return service.headers(common.access());
  }

  /** Returns what the service said without the secrets that were sent to it. */
  String masked(String text) {
    return service.masked(text, common.access());
  }

  boolean verifyText() {
    return service.verifyText();
  }

  boolean isPlanned() {
    return service.isPlanned();
  }

  /** Returns the way to request streams; peers know no original's. */
  Api api() {
    return service.api() == Api.SSE && bundled.peer.isPresent() ? Api.CHAT : service.api();
  }

  @Override
  public Duration longest() {
    Duration turn = stream.whole().plus(users.timeout).plus(dialogue.think());
    Duration last = turn.multipliedBy(dialogue.turns() + 1L);
    last = flow.isOpen() ? last.plus(users.timeout) : last;
    return common.warmup().plus(users.rampup).plus(users.hold).plus(last).plus(MARGIN);
  }

  @Override
  public String description() {
    String each = isPlanned() ? "%s tokens in %s each" : "what the service sends";
    each = Numbers.sentence(each, stream.tokens, stream.duration);
    each += dialogue.turns() > 1 ? ", in conversations of " + dialogue.turns() + " turns" : "";
    String end = Numbers.sentence("%s have passed", users.rampup.plus(users.hold));
    end += flow.maxRequests() > 0 ? ", or " + flow.maxRequests() + " requests were made" : "";
    return flow.isOpen()
        ? Numbers.sentence(
            "%s a second arrive (%s) and stream %s, for at most %s clients at once, until %s",
            flow.rate(), flow.arrivals(), each, users.clients, end)
        : Numbers.sentence(
            "%s clients arrive over %s and stream %s, again and again until %s",
            users.clients, users.rampup, each, end);
  }

  private static double ms(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}

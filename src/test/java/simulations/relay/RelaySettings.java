package simulations.relay;

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
 * The settings of the token relay.
 *
 * @param mode which side of the relay this process is
 * @param delivery what the relay promises
 * @param plan what is said
 * @param names what conversations are called
 * @param groups users beside the readers
 * @param service where it is said and heard
 * @param targets how the bundled targets are started
 * @param seed of everything random
 * @param monitor time between live lines
 * @param timeout how long a conversation may take beyond its planned length
 * @param joinWithin consumer: how long to wait for a producer
 * @param awaitConsumers producer: how long to wait for consumers
 * @param verifyText whether every token's text is checked
 * @param slos what a good conversation meets
 * @param thresholds what a good run meets
 * @param options what every simulation has
 */
public record RelaySettings(
    Mode mode,
    Delivery delivery,
    Plan plan,
    ConversationNames names,
    Groups groups,
    Service service,
    Targets targets,
    long seed,
    Duration monitor,
    Duration timeout,
    Duration joinWithin,
    Duration awaitConsumers,
    boolean verifyText,
    RelaySlos slos,
    List<Threshold> thresholds,
    RunOptions options) {
  /** The name that users type. */
  static final String SIMULATION = "TokenRelaySimulation";

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofSeconds(60);
  private static final int MAX_CONVERSATIONS = 50_000;

  /** Which side of the relay this process is. */
  public enum Mode {
    /** Publishes tokens. */
    PRODUCER,
    /** Reads streams. */
    CONSUMER,
    /** Both, in one process with one clock. */
    BOTH;

    /** True if tokens are published. */
    boolean produces() {
      return this != CONSUMER;
    }

    /** True if streams are read. */
    boolean consumes() {
      return this != PRODUCER;
    }
  }

  /** What the relay promises. */
  public enum Delivery {
    /** Published to Redis channels: at most once. */
    CORE,
    /** Added to Redis streams: exactly once. */
    DURABLE;

    /** The word of options. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is said.
   *
   * @param conversations at once
   * @param tokens of each
   * @param delay from one token to the next; a jitter of up to half of it is added to each
   * @param rampup how long conversations take to begin, whole seconds
   * @param duration until no new conversation is begun, from the first one
   * @param warmup length of the warm-up, whole seconds
   * @param pause producer: between two conversations of one place, for consumers to join
   */
  public record Plan(
      int conversations,
      int tokens,
      Duration delay,
      Duration rampup,
      Duration duration,
      Duration warmup,
      Duration pause) {
    /** The mean of a delay with its jitter, in nanoseconds. */
    double meanDelayNs() {
      return delay.toNanos() * 1.25;
    }

    /** How long new conversations are begun after the ramp. */
    Duration hold() {
      return duration.compareTo(rampup) > 0 ? duration.minus(rampup) : Duration.ZERO;
    }

    /** How long a conversation takes at most when all goes to plan. */
    Duration longestConversation() {
      return delay.multipliedBy(tokens).multipliedBy(3).dividedBy(2);
    }
  }

  /**
   * Users beside the readers, who enter no latency.
   *
   * @param resumers per cent of the conversations whose reader leaves in the middle and resumes
   * @param slowReaders how many read nothing for a while
   * @param outage whether NATS is taken away after the load; only of a run that started it
   */
  public record Groups(int resumers, int slowReaders, boolean outage) {}

  /**
   * Where tokens are said and heard.
   *
   * @param redisUrl empty if a Redis is started
   * @param natsUrl empty if a nats-server is started, or the relay is the user's own
   * @param sseUrl the user's own adapter; empty if the bundled relay is started
   * @param bridgeUrl where the user's own bridge has its metrics, if it has
   */
  public record Service(
      Optional<String> redisUrl,
      Optional<String> natsUrl,
      Optional<URI> sseUrl,
      Optional<URI> bridgeUrl) {
    /** Without passwords: a record's text may end up in a log. */
    @Override
    public String toString() {
      return "Service[" + sseUrl.map(URI::toString).orElse("bundled") + "]";
    }
  }

  /**
   * The bundled relay.
   *
   * @param bridgeDefect planted in the bridge; empty for none
   * @param adapterDefect planted in the adapter; empty for none
   * @param processes how each is started
   */
  public record Targets(String bridgeDefect, String adapterDefect, BundledProcesses processes) {}

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static RelaySettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    Mode mode = word(from, "mode", Mode.values());
    Plan plan = plan(from, mode);
    Service service =
        new Service(
            from.optionalText("redis.url"),
            from.optionalText("nats.url"),
            from.httpUrl("sse.url"),
            from.httpUrl("bridge.url"));
    boolean managed = service.sseUrl().isEmpty() && service.natsUrl().isEmpty();
    Map<String, Double> words = words(from, plan);
    RunOptions options = RunOptions.read(config, SIMULATION, words);
    RelaySettings settings =
        new RelaySettings(
            mode,
            word(from, "delivery", Delivery.values()),
            plan,
            ConversationNames.read(from, mode, plan.conversations()),
            groups(from, mode, managed),
            service,
            targets(from, service),
            from.wholeNumber("seed", 0, Integer.MAX_VALUE),
            from.duration("monitor", SECOND, HOUR),
            from.duration("timeout", SECOND, HOUR),
            from.duration("join-within", SECOND, HOUR),
            from.duration("await-consumers", Duration.ZERO, HOUR),
            verifyText(from, mode),
            RelaySlos.of(RunOptions.parsed(from, "slos", text -> RelaySlos.limit(text, words))),
            Threshold.merged(thresholds(from, mode, words), options.limits()),
            options);
    settings.check(from);
    from.finish();
    return settings;
  }

  /** How long the run may take, whatever the service does. */
  public Duration longest() {
    Duration last = plan.longestConversation().plus(plan.pause()).plus(timeout);
    Duration waiting = mode == Mode.CONSUMER ? joinWithin : awaitConsumers;
    Duration load = plan.warmup().plus(plan.rampup()).plus(plan.duration());
    return load.plus(last.multipliedBy(2)).plus(waiting).plus(MARGIN);
  }

  /** The run in one sentence. */
  public String sentence() {
    String said =
        String.format(
            Locale.ROOT,
            "%,d conversations at once of %,d tokens, one every %d ms and up to half of that later",
            plan.conversations(),
            plan.tokens(),
            plan.delay().toMillis());
    String until =
        ", again and again until " + plan.duration().toMillis() / 1000 + " s have passed";
    return switch (mode) {
      case PRODUCER -> said + ", published" + until + ".";
      case CONSUMER -> plan.conversations() + " readers of " + names + " until it ends.";
      case BOTH ->
          said
              + ", published and read"
              + until
              + " ("
              + delivery.word()
              + " delivery); a warm-up of "
              + plan.warmup().toSeconds()
              + " s is cut.";
    };
  }

  private void check(SettingsReader from) {
    if (mode == Mode.CONSUMER && service.sseUrl().isEmpty()) {
      from.error("sse.url", "a consumer needs the address of the adapter whose streams it reads");
    }
    if (mode != Mode.CONSUMER && service.sseUrl().isPresent() && service.redisUrl().isEmpty()) {
      from.error("redis.url", "name the Redis that the relay behind -Dsse.url listens to");
    }
    if (service.natsUrl().isPresent() && service.sseUrl().isPresent()) {
      from.error("nats.url", "is for the bundled relay; with -Dsse.url the relay is your own");
    }
    if (mode != Mode.PRODUCER && !awaitConsumers.isZero()) {
      from.error("await-consumers", "is for -Dmode=producer");
    }
  }

  private static Map<String, Double> words(SettingsReader from, Plan plan) {
    Map<String, Double> words = new LinkedHashMap<>();
    words.put("delay", plan.delay().toNanos() / 1e6);
    words.put("slack", from.duration("lag-slack", Duration.ZERO, HOUR).toNanos() / 1e6);
    return words;
  }

  private static Plan plan(SettingsReader from, Mode mode) {
    Duration warmup = from.wholeSeconds("warmup", Duration.ZERO, HOUR);
    Duration pause = from.duration("pause", Duration.ZERO, HOUR);
    return new Plan(
        from.integer("conversations", 1, MAX_CONVERSATIONS),
        from.integer("tokens", 1, 100_000),
        from.millis("delay", Duration.ofMillis(1), HOUR),
        from.wholeSeconds("rampup", SECOND, HOUR),
        from.duration("duration", SECOND, Duration.ofDays(1)),
        // A process that is one side alone cannot tell the other what to leave out.
        mode == Mode.BOTH ? warmup : Duration.ZERO,
        mode == Mode.PRODUCER ? pause : Duration.ZERO);
  }

  private static Groups groups(SettingsReader from, Mode mode, boolean managed) {
    int resumers = from.integer("resumers", 0, 100);
    int slowReaders = from.integer("slow-readers", 0, 100);
    boolean outage = from.flag("outage");
    return mode == Mode.BOTH
        ? new Groups(resumers, slowReaders, outage && managed)
        : new Groups(0, 0, false);
  }

  private static Targets targets(SettingsReader from, Service service) {
    Targets targets =
        new Targets(
            from.optionalText("bridge.defect").orElse(""),
            from.optionalText("adapter.defect").orElse(""),
            BundledProcesses.read(from));
    if (service.sseUrl().isPresent()
        && !(targets.bridgeDefect() + targets.adapterDefect()).isEmpty()) {
      from.error("bridge.defect", "a defect can only be planted in the bundled relay");
    }
    return targets;
  }

  /** What other producers say is not known. */
  private static boolean verifyText(SettingsReader from, Mode mode) {
    String verify = from.oneOf("verify", List.of("auto", "yes", "no"));
    return verify.equals("yes") || (verify.equals("auto") && mode == Mode.BOTH);
  }

  /** One side alone does not see what the other does, so it is not asked for that. */
  private static List<Threshold> thresholds(
      SettingsReader from, Mode mode, Map<String, Double> words) {
    List<Threshold> all =
        RunOptions.parsed(from, "thresholds", text -> Threshold.parse(text, words));
    return all.stream().filter(limit -> RelaySlos.isOf(mode, limit.figure().kpi())).toList();
  }

  private static <E extends Enum<E>> E word(SettingsReader from, String path, E[] values) {
    List<String> words =
        List.of(values).stream().map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
    int index = words.indexOf(from.oneOf(path, words));
    return values[Math.max(0, index)];
  }
}

package simulations.relay;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kpi.Kpi;
import settings.SettingsReader;
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.Slos;
import simulations.run.SuiteConfig;

/**
 * The settings of the token relay.
 *
 * @param common those of every simulation
 * @param mode side of the relay that this process is
 * @param delivery guarantee of the relay
 * @param plan of the conversations
 * @param names of the conversations
 * @param probes users beside the readers
 * @param service of the user's own
 * @param bundled relay, if it is none of the user's own
 * @param timeout of a conversation beyond its planned length
 * @param joinWithin consumer: longest wait for a producer
 * @param awaitConsumers producer: longest wait for consumers
 * @param verifyText whether every token's text is checked
 */
public record RelaySettings(
    CommonSettings common,
    Mode mode,
    Delivery delivery,
    Plan plan,
    ConversationNames names,
    Probes probes,
    Service service,
    Bundled bundled,
    Duration timeout,
    Duration joinWithin,
    Duration awaitConsumers,
    boolean verifyText)
    implements SimulationSettings {
  private static final String SIMULATION = "TokenRelaySimulation";
  private static final Slos.Unit CONVERSATION =
      new Slos.Unit("conversation", List.of(Kpi.DELIVERY_LAG.word() + ".max"));
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofSeconds(60);
  private static final int MAX_CONVERSATIONS = 50_000;

  /** A side of the relay. */
  public enum Mode {
    /** Publishes tokens. */
    PRODUCER,
    /** Reads streams. */
    CONSUMER,
    /** Both, in one process with one clock. */
    BOTH;

    private static final Set<Kpi> OF_PRODUCER =
        Set.of(Kpi.PUBLISH_LAG, Kpi.SUCCESS_RATE, Kpi.MESSAGES_PER_S, Kpi.RSS_MAX, Kpi.CPU_CORES);
    private static final Set<Kpi> NOT_OF_CONSUMER =
        Set.of(Kpi.PUBLISH_LAG, Kpi.TTFT, Kpi.RECONNECT);

    /** Returns true if tokens are published. */
    boolean produces() {
      return this != CONSUMER;
    }

    /** Returns true if streams are read. */
    boolean consumes() {
      return this != PRODUCER;
    }

    /** Returns true for a KPI that a process of this mode measures. */
    boolean measures(Kpi kpi) {
      return switch (this) {
        case BOTH -> true;
        case PRODUCER -> OF_PRODUCER.contains(kpi);
        case CONSUMER -> !NOT_OF_CONSUMER.contains(kpi);
      };
    }
  }

  /** A guarantee of the relay. */
  public enum Delivery {
    /** Published to Redis channels: at most once. */
    CORE,
    /** Added to Redis streams: exactly once. */
    DURABLE;

    /** Returns the word of options. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The plan of the conversations.
   *
   * @param conversations open at once
   * @param tokens of each
   * @param delay between two tokens; a jitter of up to half of it is added to each
   * @param rampup time over which conversations begin, whole seconds
   * @param duration time from the first one until no new conversation begins
   * @param pause producer: between two conversations of one place, for consumers to join
   */
  public record Plan(
      int conversations,
      int tokens,
      Duration delay,
      Duration rampup,
      Duration duration,
      Duration pause) {
    /** Returns the mean of a delay with its jitter, in nanoseconds. */
    double meanDelayNs() {
      return delay.toNanos() * 1.25;
    }

    /** Returns the time after the ramp in which new conversations begin. */
    Duration hold() {
      return duration.compareTo(rampup) > 0 ? duration.minus(rampup) : Duration.ZERO;
    }

    /** Returns the longest planned length of a conversation. */
    Duration longestConversation() {
      return delay.multipliedBy(tokens).multipliedBy(3).dividedBy(2);
    }
  }

  /**
   * Users beside the readers, who enter no latency.
   *
   * @param resumers percentage of conversations whose reader leaves in the middle and resumes
   * @param slowReaders number of readers that read nothing for a while
   * @param outage whether NATS is stopped after the load; only of a run that started it
   */
  public record Probes(int resumers, int slowReaders, boolean outage) {}

  /**
   * Servers and a relay of the user's own.
   *
   * @param redisUrl empty if a Redis is started
   * @param natsUrl empty if a nats-server is started, or the relay is the user's own
   * @param sseUrl the user's own adapter; empty if the bundled relay is started
   * @param bridgeUrl address of the metrics of the user's own bridge
   */
  public record Service(
      Optional<String> redisUrl,
      Optional<String> natsUrl,
      Optional<URI> sseUrl,
      Optional<URI> bridgeUrl) {
    /** Leaves passwords out: a record's text may end up in a log. */
    @Override
    public String toString() {
      return "Service[" + (sseUrl.isPresent() ? "external" : "bundled") + "]";
    }
  }

  /**
   * The bundled relay.
   *
   * @param bridgeDefect planted in the bridge; empty for none
   * @param adapterDefect planted in the adapter; empty for none
   */
  public record Bundled(String bridgeDefect, String adapterDefect) {}

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static RelaySettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    Mode mode = word(from, "mode", Mode.values());
    Plan plan = plan(from, mode);
    Map<String, Double> words = new LinkedHashMap<>();
    words.put("delay", plan.delay().toNanos() / 1e6);
    words.put("slack", from.duration("lag-slack", Duration.ZERO, HOUR).toNanos() / 1e6);
    Service service =
        new Service(
            from.optionalText("redis.url"),
            from.optionalText("nats.url"),
            from.httpUrl("sse.url"),
            from.httpUrl("bridge.url"));
    RelaySettings settings =
        new RelaySettings(
            common(config, mode, words),
            mode,
            word(from, "delivery", Delivery.values()),
            plan,
            ConversationNames.read(from, mode, plan.conversations(), Instant.now()),
            probes(from, mode, service),
            service,
            bundled(from, service),
            from.duration("timeout", SECOND, HOUR),
            from.duration("join-within", SECOND, HOUR),
            from.duration("await-consumers", Duration.ZERO, HOUR),
            verifyText(from, mode));
    settings.check(from);
    from.finish();
    return settings;
  }

  @Override
  public Duration longest() {
    Duration last = plan.longestConversation().plus(plan.pause()).plus(timeout);
    Duration waiting = mode == Mode.CONSUMER ? joinWithin : awaitConsumers;
    Duration load = common.warmup().plus(plan.rampup()).plus(plan.duration());
    return load.plus(last.multipliedBy(2)).plus(waiting).plus(MARGIN);
  }

  @Override
  public String sentence() {
    String tokens =
        String.format(
            Locale.ROOT,
            "%,d conversations at once of %,d tokens, one every %d ms and up to half of that later",
            plan.conversations(),
            plan.tokens(),
            plan.delay().toMillis());
    String until =
        ", again and again until " + plan.duration().toMillis() / 1000 + " s have passed";
    return switch (mode) {
      case PRODUCER -> tokens + ", published" + until + ".";
      case CONSUMER -> plan.conversations() + " readers of " + names + " until it ends.";
      case BOTH ->
          tokens
              + ", published and read"
              + until
              + " ("
              + delivery.word()
              + " delivery); a warm-up of "
              + common.warmup().toSeconds()
              + " s is cut.";
    };
  }

  private void check(SettingsReader from) {
    if (mode == Mode.CONSUMER && service.sseUrl().isEmpty()) {
      from.error("sse.url", "a consumer needs the address of the adapter whose streams it reads");
    }
    if (mode != Mode.CONSUMER && service.sseUrl().isPresent() && service.redisUrl().isEmpty()) {
      from.error("redis.url", "name the Redis that the relay behind -Dsse.url subscribes to");
    }
    if (service.natsUrl().isPresent() && service.sseUrl().isPresent()) {
      from.error("nats.url", "is for the bundled relay; with -Dsse.url the relay is your own");
    }
    if (mode != Mode.PRODUCER && !awaitConsumers.isZero()) {
      from.error("await-consumers", "is for -Dmode=producer");
    }
  }

  /** One side alone cannot tell the other what to cut, and measures less. */
  private static CommonSettings common(SuiteConfig config, Mode mode, Map<String, Double> words) {
    CommonSettings common =
        CommonSettings.read(config, SIMULATION, words, CONVERSATION)
            .withOwn(all -> all.stream().filter(one -> mode.measures(one.figure().kpi())).toList());
    return mode == Mode.BOTH ? common : common.withWarmup(Duration.ZERO);
  }

  private static Plan plan(SettingsReader from, Mode mode) {
    Duration pause = from.duration("pause", Duration.ZERO, HOUR);
    return new Plan(
        from.integer("conversations", 1, MAX_CONVERSATIONS),
        from.integer("tokens", 1, 100_000),
        from.millis("delay", Duration.ofMillis(1), HOUR),
        from.wholeSeconds("rampup", SECOND, HOUR),
        from.duration("duration", SECOND, Duration.ofDays(1)),
        mode == Mode.PRODUCER ? pause : Duration.ZERO);
  }

  private static Probes probes(SettingsReader from, Mode mode, Service service) {
    int resumers = from.integer("resumers", 0, 100);
    int slowReaders = from.integer("slow-readers", 0, 100);
    boolean outage = from.flag("outage");
    boolean ownNats = service.natsUrl().isEmpty() && service.sseUrl().isEmpty();
    return mode == Mode.BOTH
        ? new Probes(resumers, slowReaders, outage && ownNats)
        : new Probes(0, 0, false);
  }

  private static Bundled bundled(SettingsReader from, Service service) {
    Bundled bundled =
        new Bundled(
            from.optionalText("bridge.defect").orElse(""),
            from.optionalText("adapter.defect").orElse(""));
    if (service.sseUrl().isPresent()
        && !(bundled.bridgeDefect() + bundled.adapterDefect()).isEmpty()) {
      from.error("bridge.defect", "a defect can only be planted in the bundled relay");
    }
    return bundled;
  }

  /** The text of another producer is not known. */
  private static boolean verifyText(SettingsReader from, Mode mode) {
    String verify = from.oneOf("verify", List.of("auto", "yes", "no"));
    return verify.equals("yes") || (verify.equals("auto") && mode == Mode.BOTH);
  }

  private static <E extends Enum<E>> E word(SettingsReader from, String path, E[] values) {
    List<String> words =
        Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
    return values[Math.max(0, words.indexOf(from.oneOf(path, words)))];
  }
}

package simulations.relay;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import kpi.Kpi;
import settings.Checked;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.Slos;
import simulations.run.SuiteConfig;
import simulations.run.Verify;
import verdict.Numbers;
import verdict.Threshold;

/** The settings of the token relay. */
public record RelaySettings(
    CommonSettings common,
    Side side,
    Plan plan,
    Names names,
    Probes probes,
    Service service,
    TokenEvent.Form events)
    implements SimulationSettings {
  private static final Slos.Unit CONVERSATION =
      new Slos.Unit("conversation", List.of(Kpi.DELIVERY_LAG.word() + ".max"));
  private static final Duration MARGIN = Duration.ofSeconds(60);

  /** Used by annotations. */
  static final String ID = "[A-Za-z0-9_-]{1,100}";

  /** Largest growth without storing anything. */
  private static final double GROWTH_MB_PER_S = 0.1;

  /** A token in a store, with its index and what is not yet collected: 2 KB were measured. */
  private static final double STORED_MB = 0.004;

  static final String NO_ID = "is not 1 to 100 letters, digits, - or _";

  /** The side of the relay that this process is; both have one clock. */
  enum Mode {
    PRODUCER,
    CONSUMER,
    BOTH;

    boolean produces() {
      return this != CONSUMER;
    }

    boolean consumes() {
      return this != PRODUCER;
    }

    boolean measures(Kpi kpi) {
      return switch (kpi) {
        case PUBLISH_LAG -> produces();
        case SUCCESS_RATE, MESSAGES_PER_S, RSS_MAX, CPU_CORES -> true;
        case TTFT, RECONNECT -> this == BOTH;
        default -> consumes();
      };
    }
  }

  enum Delivery {
    /** Published to Redis channels: at most once. */
    CORE,
    /** Added to Redis streams: exactly once. */
    DURABLE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What this process does.
   *
   * @param timeout of a conversation beyond its planned length
   * @param joinWithin consumer: longest wait for a producer
   * @param awaitConsumers producer: longest wait for consumers
   */
  record Side(
      @Option Mode mode,
      @Option Delivery delivery,
      @Option(in = "1s..1h") Duration timeout,
      @Option(in = "1s..1h") Duration joinWithin,
      @Option(in = "0..1h") Duration awaitConsumers,
      @Option Verify verify,
      @Option(in = "0..1h", word = "slack") Duration lagSlack)
      implements Checked {
    @Override
    public void check(SettingsReader from) {
      if (mode != Mode.PRODUCER && !awaitConsumers.isZero()) {
        from.error("await-consumers", "is for -Dmode=producer");
      }
    }

    /** Returns the side of a reader of a feed, which begins and ends in its middle. */
    private Side ofFeed() {
      return new Side(
          Mode.CONSUMER, Delivery.CORE, timeout, joinWithin, awaitConsumers, verify, lagSlack);
    }
  }

  /**
   * The plan of the conversations.
   *
   * @param conversations open at once
   * @param delay between two tokens; a jitter of up to half of it is added to each
   * @param duration time from the first one until no new conversation begins
   * @param pause producer: between two conversations of one place, for consumers to join
   */
  public record Plan(
      @Option(in = "1..50000") int conversations,
      @Option(in = "1..100000") int tokens,
      @Option(in = "1ms..1h", form = Form.MILLIS, word = "delay") Duration delay,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1s..1d") Duration duration,
      @Option(in = "0..1h") Duration pause) {
    double meanDelayNs() {
      return delay.toNanos() * 1.25;
    }

    /** Returns the time after the ramp in which new conversations begin. */
    public Duration hold() {
      return duration.compareTo(rampup) > 0 ? duration.minus(rampup) : Duration.ZERO;
    }

    Duration longestConversation() {
      return delay.multipliedBy(tokens).multipliedBy(3).dividedBy(2);
    }
  }

  /**
   * The names of conversations. Conversation {@code r} of place {@code p} has the number {@code r *
   * places + p}, from 0, in every process alike; its id is the prefix, a hyphen and the number, or
   * the one of that number in the list, if there is one.
   */
  record Names(
      @Option(matches = ID, otherwise = NO_ID) Optional<String> conversationPrefix,
      @Option(matches = ID, otherwise = NO_ID) List<String> conversationIds) {
    /** A run without a prefix gets one of its own, so that no two runs meet. */
    private static final String OWN =
        "load-"
            + Long.toString(
                ManagementFactory.getRuntimeMXBean().getStartTime(), Character.MAX_RADIX);

    String prefix() {
      return conversationPrefix.orElse(OWN);
    }

    /** Returns names that are the same at all generators, by their common start. */
    private Names shared(CommonSettings common) {
      Optional<String> all =
          common
              .choices()
              .startAt()
              .map(start -> Long.toString(start.at().toEpochMilli(), Character.MAX_RADIX))
              .map(start -> "load-" + start);
      return new Names(conversationPrefix.or(() -> all), conversationIds);
    }

    @Override
    public String toString() {
      return conversationIds.isEmpty()
          ? prefix() + "-0 and so on"
          : conversationIds.size() + " conversations";
    }
  }

  /**
   * Users beside the readers, who enter no latency.
   *
   * @param resumers percentage of conversations whose reader leaves in the middle and resumes
   * @param outage whether NATS is stopped after the load; only of a run that started it, as one
   *     server
   */
  record Probes(
      @Option(in = "0..100") int resumers,
      @Option(in = "0..100") int slowReaders,
      @Option boolean outage) {}

  /** Reads the settings, or throws BadSettings with every wrong value. */
  public static RelaySettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    Side typed = from.read(Side.class);
    Plan plan = from.read(Plan.class);
    Names names = from.read(Names.class);
    Probes probes = from.read(Probes.class);
    Service service = from.read(Service.class);
    Side side = service.isFeed() && typed.mode != Mode.PRODUCER ? typed.ofFeed() : typed;
    TokenEvent.Form events =
        from.read(TokenEvent.Named.class)
            .orElse(service.isFeed() ? TokenEvent.Form.FEED : TokenEvent.Form.ORIGINAL);
    CommonSettings common = common(config, side, plan);
    check(side, names, service, from);
    common.shares(from, "conversations", plan.conversations);
    if (common.shard().isPart() && side.mode != Mode.BOTH) {
      from.error("shard", "takes generators that publish and read, -Dmode=both");
    }
    from.finish();
    return new RelaySettings(common, side, plan, names.shared(common), probes, service, events);
  }

  /** Returns true if all readers read one feed, for the duration of the plan. */
  boolean isFeed() {
    return service.isFeed();
  }

  Mode mode() {
    return side.mode();
  }

  /** Returns true if delivery is exactly once. */
  public boolean isDurable() {
    return delivery() == Delivery.DURABLE;
  }

  Delivery delivery() {
    return side.delivery();
  }

  /** Returns true if every token's text is checked; that of another producer is not known. */
  boolean verifyText() {
    return side.verify().holds(mode() == Mode.BOTH);
  }

  /** Returns the probes, all of which need a process that publishes and reads. */
  @Override
  public Probes probes() {
    boolean ownNats =
        service.natsUrl().isEmpty() && service.sseUrl().isEmpty() && !service.natsCluster();
    return mode() == Mode.BOTH
        ? new Probes(probes.resumers(), probes.slowReaders(), probes.outage() && ownNats)
        : new Probes(0, 0, false);
  }

  /** Returns the number of a conversation, from 0, by its place and its round. */
  int number(int place, int round) {
    return round * plan.conversations() + place;
  }

  /** Returns the id of a conversation, both from 0; empty if the named ids are used up. */
  Optional<String> id(int place, int round) {
    int number = number(place, round);
    List<String> ids = names.conversationIds();
    if (ids.isEmpty()) {
      return Optional.of(names.prefix() + "-" + number);
    }
    return ids.stream().skip(number).findFirst();
  }

  @Override
  public Duration longest() {
    Duration last = plan.longestConversation().plus(plan.pause()).plus(side.timeout());
    Duration joining = isFeed() ? Duration.ZERO : side.joinWithin();
    Duration waiting = mode() == Mode.CONSUMER ? joining : side.awaitConsumers();
    Duration load = common.warmup().plus(plan.rampup()).plus(plan.duration());
    return load.plus(last.multipliedBy(2)).plus(waiting).plus(MARGIN);
  }

  @Override
  public String description() {
    int all = plan.conversations;
    String tokens =
        Numbers.sentence(
            "%s conversations at a time of %s tokens, %s to %s apart",
            all, plan.tokens, plan.delay, plan.delay.multipliedBy(3).dividedBy(2));
    String until = Numbers.sentence(", again and again until %s have passed", plan.duration);
    return switch (mode()) {
      case PRODUCER -> tokens + ", published" + until;
      case CONSUMER ->
          isFeed()
              ? Numbers.sentence("%s readers of one feed, %s", all, plan.duration)
              : Numbers.sentence("%s readers of %s until it ends", all, names);
      case BOTH ->
          tokens + ", published and read" + until + " (" + delivery().word() + " delivery)";
    };
  }

  private static void check(Side side, Names names, Service service, SettingsReader from) {
    Mode mode = side.mode;
    if (service.isFeed() && mode.produces()) {
      from.error("sse.url", "is a feed, for it has a path; it can only be read, -Dmode=consumer");
    }
    boolean named =
        service.isFeed()
            || names.conversationPrefix.isPresent()
            || !names.conversationIds.isEmpty();
    if (!mode.produces() && !named) {
      from.error(
          "conversation-prefix",
          "a consumer needs the prefix of the producer, or names in -Dconversation-ids");
    }
    if (!mode.produces() && service.sseUrl().isEmpty()) {
      from.error("sse.url", "a consumer needs the address of the adapter whose streams it reads");
    }
    if (mode.produces() && service.sseUrl().isPresent() && service.redisUrl().isEmpty()) {
      from.error("redis.url", "name the Redis that the relay behind -Dsse.url subscribes to");
    }
  }

  /** One side alone cannot tell the other what to cut, and measures less. */
  private static CommonSettings common(SuiteConfig config, Side side, Plan plan) {
    return CommonSettings.read(
        config,
        CONVERSATION,
        new CommonSettings.Part(
            stored(side, plan),
            limit -> side.mode().measures(limit.figure().kpi()),
            side.mode() == Mode.BOTH));
  }

  /** Stores that keep every token grow with them; a leak in the relay shows in its live heap. */
  private static List<Threshold> stored(Side side, Plan plan) {
    if (side.delivery() == Delivery.CORE) {
      return List.of();
    }
    double tokensPerS = plan.conversations() * 1e9 / plan.meanDelayNs();
    double mbPerS = GROWTH_MB_PER_S + tokensPerS * STORED_MB;
    String limit = String.format(Locale.ROOT, "*.memory_slope <= %.2f MB/s", mbPerS);
    return List.of(Threshold.parse(limit, Map.of()));
  }
}

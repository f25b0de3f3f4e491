package targets.auction.bid;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.plugin.bundled.CorsPluginConfig.CorsRule;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.EagerContentHandler.RetainedContentLoaderFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import settings.Option;
import settings.SettingsReader;
import targets.auction.EventStore;
import targets.auction.bid.Decision.Kind;
import targets.shared.Clocks;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.LinkState;
import targets.shared.Listener;
import targets.shared.NatsLink;
import targets.shared.Origins;
import targets.shared.Pump;
import targets.shared.RedisAddress;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.TargetSpec;

/** Composition of the bid service; see the package. */
public final class BidServer {
  public static final TargetSpec SPEC =
      new TargetSpec(
          "bids",
          8080,
          "Auction: bids, decided in Redis, published to NATS",
          Settings.class,
          reader -> start(reader, new Seam() {}));

  /** A bid that Redis does not answer for so long gets 503. */
  static final Duration REDIS_BOUND = Duration.ofMillis(500);

  /** Jetty's own threads: one accepts, one selects, and some are spare. */
  private static final int OWN_THREADS = 4;

  private static final int ACCEPTING_MAX = 4096;
  private static final int IDLE_MS = 60_000;
  private static final int RELAY_TIMEOUT_MS = 2000;

  /** The parts of the service that can be decorated from outside. */
  public interface Seam {
    /** Returns the text of {@code bid.lua} to load. */
    default String script(String text) {
      return text;
    }

    default Items items(Items honest, RedisLane lane, NatsLink store) {
      return honest;
    }

    /** Returns the wait before another attempt to connect to Redis. */
    default long reconnectMs(long honestMs) {
      return honestMs;
    }
  }

  private BidServer() {}

  /** Starts the service, as {@link TargetSpec#start} does. */
  @SuppressWarnings("FutureReturnValueIgnored") // A sweep cannot fail in a way that matters.
  public static Service start(SettingsReader reader, Seam seam, Extension... extensions) {
    Settings settings = reader.finish(Settings.class);
    Clocks clocks = Clocks.SYSTEM;
    LinkState redis = new LinkState("Redis");
    int boundMs = (int) REDIS_BOUND.toMillis();
    RedisAddress address = new RedisAddress(settings.redis(), boundMs, boundMs);
    long reconnectMs = seam.reconnectMs(RedisLane.RETRY_MS);
    RedisLane lane = new RedisLane(address, redis, REDIS_BOUND.toNanos(), reconnectMs);
    Figures counters = new Figures(lane);
    Service service = new Service("bids", 1, counters, extensions);
    service.needs(redis); // Bids are accepted while NATS is away: their events wait in Redis.
    NatsLink store = settings.store().link(service, counters, NatsLink.Watcher.NONE);
    RedisAddress patient = new RedisAddress(settings.redis(), boundMs, RELAY_TIMEOUT_MS);
    EventRelay relay = new EventRelay(patient, store, counters, settings, clocks.nano());
    Pump.Ending emptied = new Pump.Ending(settings.drain(), true);
    service.add(new Pump<>("event-relay", relay, relay, emptied, clocks.nano()));
    Items items;
    if (settings.strategy() == Settings.Strategy.OPTIMISTIC) {
      OptimisticItems optimistic = new OptimisticItems(lane, settings, address, clocks.wall());
      service.onClose(optimistic::close);
      counters.counter("retries", "Conflicts with other bids", optimistic.retries::sum);
      items = optimistic;
    } else {
      items = new LuaItems(lane, settings, seam::script);
    }
    service.add(lane);
    counters.counter("redis_losses", "Times Redis was lost", redis::losses);
    // Any thread of Jetty may take a request: nothing is refused before the service stops.
    StreamSlots slots = new StreamSlots(settings.threads() + OWN_THREADS);
    BidRoutes routes = new BidRoutes(seam.items(items, lane, store), counters, slots, service);
    JettyTimer timer = new JettyTimer(settings.listener(), REDIS_BOUND, service, clocks.nano());
    Javalin javalin =
        Javalin.create(config -> configure(config, settings, routes, timer, extensions));
    service
        .loops()
        .scheduleWithFixedDelay(
            timer::sweep, JettyTimer.SWEEP_MS, JettyTimer.SWEEP_MS, TimeUnit.MILLISECONDS);
    service.onClose(javalin::stop);
    service.drains(slots, settings.drain(), channel -> {});
    service.start(() -> listen(javalin, settings.listener()));
    return service;
  }

  private static void configure(
      JavalinConfig config,
      Settings settings,
      BidRoutes routes,
      JettyTimer timer,
      Extension... extensions) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = Long.MAX_VALUE; // The routes bound what they read themselves.
    config.http.prefer405over404 = true;
    int threadsMin = Math.min(settings.threads(), OWN_THREADS) + OWN_THREADS;
    QueuedThreadPool pool =
        new QueuedThreadPool(settings.threads() + OWN_THREADS, threadsMin, IDLE_MS);
    pool.setName("http");
    pool.setDaemon(true);
    config.jetty.threadPool = pool;
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          http.setSendDateHeader(false);
          // Else every connection keeps a table of its headers, of 100 KB.
          http.setHeaderCacheSize(0);
        });
    // A body is read before a thread is taken: slow clients cannot occupy all of them.
    config.jetty.modifyServer(
        server ->
            server.setHandler(
                new EagerContentHandler(
                    new RetainedContentLoaderFactory(Bid.BYTES_MAX + 1L, 0, false))));
    config.jetty.addConnector(
        (server, http) -> {
          ServerConnector connector =
              new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
          connector.setHost(settings.listener().host());
          connector.setPort(settings.listener().port());
          connector.setAcceptQueueSize(ACCEPTING_MAX);
          connector.setIdleTimeout(0); // The timer bounds silence too, and counts it.
          connector.addBean(timer);
          return connector;
        });
    Origins origins = settings.listener().origins();
    if (!origins.allowOrigin().isEmpty()) {
      config.bundledPlugins.enableCors(cors -> cors.addRule(rule -> allow(rule, origins)));
    }
    List.of(extensions).forEach(extension -> extension.route(config.routes));
    routes.add(config.routes);
  }

  private static void allow(CorsRule rule, Origins origins) {
    if (origins.isAny()) {
      rule.anyHost();
    } else {
      origins.allowOrigin().forEach(origin -> rule.allowHost(origin));
    }
  }

  private static int listen(Javalin javalin, Listener at) {
    try {
      return javalin.start().port();
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw Service.cannotListen("--port", at.host(), at.port(), cause);
    }
  }

  record Settings(
      Listener listener,
      @Option(value = "redis://127.0.0.1:6379", help = "Redis, with user and password if needed")
          URI redis,
      @Option(value = "lua", help = "lua: decide in a script; optimistic: WATCH and MULTI")
          Strategy strategy,
      @Option(value = "64", in = "1..1024", help = "requests under way at once") int threads,
      @Option(value = "1000000", in = "1..1000000000", help = "unpublished events, or 503")
          long backlog,
      @Option(value = "10m", in = "10ms..1d", help = "how long the answer to a key is kept")
          Duration remember,
      EventStore store,
      @Option(value = "5s", in = "0..1h", help = "how long requests may take when stopping")
          Duration drain) {
    /** How concurrent bids on one item are kept apart. */
    enum Strategy {
      LUA,
      OPTIMISTIC
    }
  }

  /**
   * Figures of the bid service: bids = the sum of their answers. While no request is under way,
   * events published plus events waiting = accepted bids and changes of items, of all processes on
   * this Redis.
   */
  static final class Figures extends Counters {
    final LongAdder bids = counter("bids", "bids", "Bids that were well-formed");
    final Map<Kind, LongAdder> answers = new EnumMap<>(Kind.class);
    final LongAdder badRequests = counter("bad_requests", "Requests answered by 4xx");
    final LongAdder refusedRequests = counter("refused_requests", "Requests refused");
    final LongAdder published = counter("events_published", "Events that JetStream has");
    final LongAdder repeated = counter("events_repeated", "Events that JetStream already had");
    final LongAdder unreadable = counter("events_unreadable", "Entries that are not events");

    /** Events in Redis that JetStream does not have yet, when the relay last looked. */
    volatile long waiting;

    Figures(RedisLane lane) {
      super("bids_");
      for (Kind kind : Kind.values()) {
        String exported = "bids_answered_" + Counters.label(kind);
        answers.put(kind, counter(Counters.label(kind), exported, "Answers of this kind"));
      }
      gauge("events_waiting", "Events that JetStream does not have yet", () -> waiting);
      counter("redis_calls", "Requests to Redis", lane.calls::sum);
      counter("redis_batches", "Batches of requests to Redis", lane.batches::sum);
    }
  }
}

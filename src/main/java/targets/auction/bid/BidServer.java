package targets.auction.bid;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.EagerContentHandler.RetainedContentLoaderFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import settings.SettingsReader;
import targets.auction.EventStore;
import targets.shared.Clocks;
import targets.shared.Extension;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.Pump;
import targets.shared.RedisAddress;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.Target;
import targets.shared.TargetSpec;

/** Composition of the bid service; see the package. */
public final class BidServer {
  public static final TargetSpec SPEC =
      new TargetSpec(
          "bids",
          "Auction: bids, decided in Redis, published to NATS",
          BidSettings.class,
          reader -> start(reader, Seam.HONEST));

  /** Jetty's own threads: one accepts, one selects, and some are spare. */
  private static final int OWN_THREADS = 4;

  private static final int ACCEPTING_MAX = 4096;
  private static final int IDLE_MS = 60_000;
  private static final int RELAY_TIMEOUT_MS = 2000;

  /** The parts of the service that can be decorated from outside. */
  public interface Seam {
    /** Changes nothing. */
    Seam HONEST = new Seam() {};

    /** Returns the text of {@code bid.lua} to load. */
    default String script(String text) {
      return text;
    }

    default Items items(Items honest, RedisLane lane) {
      return honest;
    }
  }

  private BidServer() {}

  /**
   * Starts the service; returns when it listens, whether Redis and NATS answer or not.
   *
   * @throws settings.BadSettings for wrong settings, or if the port cannot be bound
   */
  @SuppressWarnings("FutureReturnValueIgnored") // A sweep cannot fail in a way that matters.
  public static Target start(SettingsReader reader, Seam seam, Extension... extensions) {
    BidSettings settings = reader.finish(BidSettings.class);
    Clocks clocks = Clocks.SYSTEM;
    LinkState redis = new LinkState("Redis");
    int boundMs = (int) settings.redisTimeout().toMillis();
    RedisAddress address = new RedisAddress(settings.redis(), boundMs, boundMs);
    RedisLane lane = new RedisLane(address, redis, settings.redisTimeout().toNanos());
    BidCounters counters = new BidCounters(lane);
    Service service = new Service("bids", 1, counters.all, extensions);
    service.needs(redis); // Bids are accepted while NATS is away: their events wait in Redis.
    EventStore store =
        new EventStore(settings.store(), service, counters.all, NatsLink.Watcher.NONE);
    RedisAddress patient = new RedisAddress(settings.redis(), boundMs, RELAY_TIMEOUT_MS);
    EventRelay relay = new EventRelay(patient, store, counters, settings, clocks.nano());
    Pump.Ending emptied = new Pump.Ending(settings.drain(), true);
    service.add(new Pump<>("event-relay", relay, relay, emptied, clocks.nano()));
    Items items;
    if (settings.strategy() == BidSettings.Strategy.OPTIMISTIC) {
      OptimisticItems optimistic = new OptimisticItems(lane, settings, address, clocks.wall());
      service.onClose(optimistic::close);
      counters.all.counter("retries", "Conflicts with other bids", optimistic.retries::sum);
      items = optimistic;
    } else {
      items = new LuaItems(lane, settings, seam::script);
    }
    service.add(lane);
    counters.all.counter("redis_losses", "Times Redis was lost", redis::losses);
    // Any thread of Jetty may take a request: nothing is refused before the service stops.
    StreamSlots slots = new StreamSlots(settings.threads() + OWN_THREADS);
    BidRoutes routes = new BidRoutes(seam.items(items, lane), counters, slots, service);
    JettyTimer timer =
        new JettyTimer(settings.http(), settings.redisTimeout(), service, clocks.nano());
    Javalin javalin =
        Javalin.create(config -> configure(config, settings, routes, timer, extensions));
    service
        .loops()
        .scheduleWithFixedDelay(
            timer::sweep, JettyTimer.SWEEP_MS, JettyTimer.SWEEP_MS, TimeUnit.MILLISECONDS);
    service.onClose(javalin::stop);
    service.drains(slots, settings.drain(), channel -> {});
    service.start(() -> listen(javalin, settings));
    return service;
  }

  private static void configure(
      JavalinConfig config,
      BidSettings settings,
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
          connector.setHost(settings.host());
          connector.setPort(settings.port());
          connector.setAcceptQueueSize(ACCEPTING_MAX);
          connector.setIdleTimeout(0); // The timer bounds silence too, and counts it.
          connector.addBean(timer);
          return connector;
        });
    List.of(extensions).forEach(extension -> extension.route(config.routes));
    routes.add(config.routes);
  }

  private static int listen(Javalin javalin, BidSettings settings) {
    try {
      return javalin.start().port();
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw Service.cannotListen(settings.host(), settings.port(), cause);
    }
  }
}

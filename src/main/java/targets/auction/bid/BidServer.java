package targets.auction.bid;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import settings.BadSettings;
import targets.auction.EventStore;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.RedisAddress;
import targets.shared.StoreKeeper;
import targets.shared.StreamSlots;
import targets.shared.Target;
import targets.shared.TargetSpec;
import targets.shared.Troubles;

/** The bid service; see the package. Thread-safe. */
public final class BidServer implements Target {
  /** How the command line sees it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "bids",
          "Auction: bids, decided in Redis, published to NATS",
          BidSettings.OPTIONS,
          reader ->
              new BidServer(BidSettings.read(reader), InstantSource.system(), System::nanoTime));

  /** Jetty's own: one accepts, one selects, and some are spare. */
  private static final int OWN_THREADS = 4;

  private static final int ACCEPTING_MAX = 4096;
  private static final int IDLE_MS = 60_000;
  private static final int RELAY_TIMEOUT_MS = 2000;

  private final BidSettings settings;
  private final LinkState redis = new LinkState("Redis");
  private final LinkState natsState = new LinkState("NATS");
  private final StreamSlots slots;
  private final RedisLane lane;
  private final Optional<OptimisticBook> optimistic;
  private final StoreKeeper keeper;
  private final NatsLink nats;
  private final EventRelay relay;
  private final ScheduledExecutorService burner = Executors.newSingleThreadScheduledExecutor();
  private final Troubles troubles;
  private final Javalin javalin;
  private volatile boolean stopping;
  private boolean closed;

  /**
   * Starts; returns when it listens, be Redis and NATS there or not.
   *
   * @param settings everything that can be set
   * @param wall stamps events of the strategy that decides outside Redis
   * @param nanoClock bounds waiting
   * @throws BadSettings if the port cannot be bound
   */
  BidServer(BidSettings settings, InstantSource wall, LongSupplier nanoClock) {
    this.settings = settings;
    int boundMs = (int) settings.redisTimeout().toMillis();
    RedisAddress address = new RedisAddress(settings.redis(), boundMs, boundMs);
    Scripts scripts = Scripts.of(settings.defects());
    lane = new RedisLane(address, scripts.all(), redis, settings.redisTimeout().toNanos());
    slots = new StreamSlots(threadsMax(settings), nanoClock);
    String process = UUID.randomUUID().toString().replace("-", "");
    BidMetrics metrics = new BidMetrics(redis, natsState);
    metrics.also("redis_calls", "Requests to Redis", lane::calls);
    metrics.also("redis_batches", "Batches in which they were sent", lane::batches);
    Book lua = new LuaBook(lane, scripts, settings.backlog(), settings.remember().toMillis());
    optimistic =
        settings.optimistic() ? Optional.of(optimistic(lua, address, wall)) : Optional.empty();
    optimistic.ifPresent(
        book -> metrics.also("retries", "Times others were quicker", book::retries));
    Book book = optimistic.map(Book.class::cast).orElse(lua);
    if (DefectiveBook.isNeeded(settings.defects())) {
      book = new DefectiveBook(book, lane, settings.defects(), nanoClock);
    }
    keeper =
        new StoreKeeper(
            settings.store(), EventStore.configuration(settings.store()), NatsLink.Watcher.NONE);
    nats =
        new NatsLink(
            settings.nats().toString(),
            "bids",
            NatsLink.Waiting.NONE,
            natsState,
            keeper,
            nanoClock);
    RedisAddress patient = new RedisAddress(settings.redis(), boundMs, RELAY_TIMEOUT_MS);
    relay = new EventRelay(patient, nats, keeper, metrics, process, settings.drain(), nanoClock);
    troubles = Troubles.start(settings.defects().troubles(), List.of(burner), nanoClock);
    BidRoutes routes =
        new BidRoutes(book, new EventIds(process), metrics, slots, troubles, this::unready);
    javalin = Javalin.create(config -> configure(config, routes));
    listen();
    lane.start();
    keeper.start();
    nats.start();
    relay.start();
  }

  @Override
  public int port() {
    return javalin.port();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopping = true;
    slots.drain();
    slots.awaitEmpty(settings.drain());
    javalin.stop();
    lane.close();
    optimistic.ifPresent(OptimisticBook::close);
    relay.close();
    keeper.close();
    nats.close();
    troubles.close();
    burner.shutdownNow();
  }

  private OptimisticBook optimistic(Book lua, RedisAddress address, InstantSource wall) {
    LongSupplier unixMicros = () -> ChronoUnit.MICROS.between(Instant.EPOCH, wall.instant());
    return new OptimisticBook(
        lua,
        address,
        unixMicros,
        new OptimisticBook.Limits(
            settings.threads(),
            settings.backlog(),
            settings.remember().toMillis(),
            settings.redisTimeout().toNanos()));
  }

  /**
   * Jetty's threads, and as many slots, for any of them may take a request: what waits for a thread
   * is one task a connection, and nothing is refused while the service is not stopping.
   */
  private static int threadsMax(BidSettings settings) {
    return settings.threads() + OWN_THREADS;
  }

  private void configure(JavalinConfig config, BidRoutes routes) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = Long.MAX_VALUE; // The routes bound what they read themselves.
    config.http.prefer405over404 = true;
    QueuedThreadPool pool =
        new QueuedThreadPool(
            threadsMax(settings), Math.min(settings.threads(), OWN_THREADS) + OWN_THREADS, IDLE_MS);
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
    config.jetty.addConnector(
        (server, http) -> {
          server.addBean(new NetworkConnectionLimit(settings.connections(), server));
          ServerConnector connector =
              new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
          connector.setHost(settings.host());
          connector.setPort(settings.port());
          connector.setAcceptQueueSize(ACCEPTING_MAX);
          return connector;
        });
    routes.add(config.routes);
  }

  private void listen() {
    try {
      javalin.start();
    } catch (RuntimeException e) {
      troubles.close();
      burner.shutdownNow();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new BadSettings(
          List.of(
              "--port: cannot listen on "
                  + settings.host()
                  + ":"
                  + settings.port()
                  + " ("
                  + cause.getMessage()
                  + "); stop what uses it, or choose another port, 0 for any"));
    }
  }

  /** Bids are taken while NATS is away: they wait in Redis. */
  private Optional<String> unready() {
    return stopping ? Optional.of("the service is stopping") : redis.reason();
  }
}

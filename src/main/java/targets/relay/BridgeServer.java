package targets.relay;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import settings.BadSettings;
import targets.shared.HealthPages;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.PageListener;
import targets.shared.StoreKeeper;
import targets.shared.Target;
import targets.shared.TargetSpec;
import targets.shared.UnixClock;

/** From Redis to NATS; see the package. Thread-safe. */
public final class BridgeServer implements Target {
  /** How the command line sees it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "relay-bridge",
          "Token relay, first half: Redis to NATS",
          BridgeSettings.OPTIONS,
          reader ->
              new BridgeServer(
                  BridgeSettings.read(reader), InstantSource.system(), System::nanoTime));

  private final LinkState redis = new LinkState("Redis");
  private final LinkState natsState = new LinkState("NATS");
  private final Optional<StoreKeeper> keeper;
  private final NatsLink nats;
  private final Feed feed;
  private final PageListener listener;
  private volatile boolean stopping;
  private boolean closed;

  /**
   * Starts; returns when its pages can be asked for, be Redis and NATS there or not.
   *
   * @param settings everything that can be set
   * @param wall stamps the messages
   * @param nanoClock bounds waiting
   * @throws BadSettings if the port cannot be bound
   */
  BridgeServer(BridgeSettings settings, InstantSource wall, LongSupplier nanoClock) {
    LongSupplier unixNs = UnixClock.of(wall);
    boolean durable = settings.delivery() == Delivery.DURABLE;
    keeper =
        durable
            ? Optional.of(
                new StoreKeeper(
                    settings.store(), Names.store(settings.store()), NatsLink.Watcher.NONE))
            : Optional.empty();
    nats =
        new NatsLink(
            settings.nats().toString(),
            "relay-bridge",
            durable
                ? NatsLink.Waiting.NONE
                : new NatsLink.Waiting(CoreFeed.WAITING_BYTES, settings.drain()),
            natsState,
            durable ? keeper.get() : NatsLink.Watcher.NONE,
            nanoClock);
    BridgeMetrics metrics = new BridgeMetrics(redis, natsState);
    boolean silent = settings.defects().has(RelayDefects.SILENT_NATS_DOWN);
    feed =
        durable
            ? new DurableFeed(settings, redis, nats, metrics, unixNs, nanoClock)
            : new CoreFeed(settings, redis, nats, metrics, unixNs);
    listener =
        new PageListener(
            new PageListener.Place("bridge", settings.host(), settings.port()),
            new HealthPages(() -> unready(silent), metrics.page()),
            settings.defects(),
            nanoClock);
    keeper.ifPresent(StoreKeeper::start);
    nats.start();
    feed.start();
  }

  @Override
  public int port() {
    return listener.port();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopping = true;
    feed.close();
    keeper.ifPresent(StoreKeeper::close);
    nats.close();
    listener.close();
  }

  private Optional<String> unready(boolean silent) {
    if (stopping) {
      return Optional.of("the bridge is stopping");
    }
    Stream<LinkState> behind =
        silent
            ? Stream.empty()
            : Stream.concat(Stream.of(natsState), keeper.stream().map(StoreKeeper::state));
    return Stream.concat(Stream.of(redis), behind)
        .flatMap(state -> state.reason().stream())
        .reduce((a, b) -> a + "; " + b);
  }
}

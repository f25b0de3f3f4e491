package targets.relay;

import io.nats.client.Connection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import settings.BadSettings;
import targets.shared.EventLoops;
import targets.shared.HealthPages;
import targets.shared.LinkState;
import targets.shared.Listener;
import targets.shared.NatsLink;
import targets.shared.Replies;
import targets.shared.StoreKeeper;
import targets.shared.Target;
import targets.shared.TargetSpec;
import targets.shared.Troubles;
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

  private static final int BODY_BYTES_MAX = 1024;

  private final LinkState redis = new LinkState("Redis");
  private final LinkState natsState = new LinkState("NATS");
  private final Optional<StoreKeeper> keeper;
  private final NatsLink nats;
  private final Feed feed;
  private final HealthPages pages;
  private final EventLoops loops;
  private final Troubles troubles;
  private final Listener listener;
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
                new StoreKeeper(settings.store(), Names.store(settings.store()), new Unwatched()))
            : Optional.empty();
    nats =
        new NatsLink(
            settings.nats().toString(),
            "relay-bridge",
            durable
                ? NatsLink.Waiting.NONE
                : new NatsLink.Waiting(CoreFeed.WAITING_BYTES, settings.drain()),
            natsState,
            durable ? keeper.get() : new Unwatched(),
            nanoClock);
    BridgeMetrics metrics = new BridgeMetrics(redis, natsState);
    boolean silent = settings.defects().has(RelayDefects.SILENT_NATS_DOWN);
    pages = new HealthPages(() -> unready(silent), metrics.page());
    feed =
        durable
            ? new DurableFeed(settings, redis, nats, metrics, unixNs, nanoClock)
            : new CoreFeed(settings, redis, nats, metrics, unixNs);
    loops = new EventLoops("bridge", 1);
    troubles = Troubles.start(settings.defects().troubles(), loops.group(), nanoClock);
    try {
      listener = Listener.bind(loops, settings.host(), settings.port(), this::accept);
    } catch (BadSettings e) {
      troubles.close();
      loops.close();
      throw e;
    }
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
    troubles.close();
    loops.close();
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

  private void accept(SocketChannel channel) {
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(BODY_BYTES_MAX))
        .addLast(new Page());
  }

  private final class Page extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      String path = new QueryStringDecoder(request.uri()).rawPath();
      Replies.send(ctx, pages.reply(request, path), HttpUtil.isKeepAlive(request));
    }
  }

  /** The bridge finds out by itself, at its next message. */
  private static final class Unwatched implements NatsLink.Watcher {
    @Override
    public void connected(Connection connection) {}

    @Override
    public void resubscribed() {}

    @Override
    public void dropped() {}
  }
}

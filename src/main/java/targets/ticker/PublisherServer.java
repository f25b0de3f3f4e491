package targets.ticker;

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
import settings.BadSettings;
import targets.shared.EventLoops;
import targets.shared.HealthPages;
import targets.shared.LinkState;
import targets.shared.Listener;
import targets.shared.NatsLink;
import targets.shared.Replies;
import targets.shared.Target;
import targets.shared.TargetSpec;
import targets.shared.Troubles;
import targets.shared.UnixClock;

/** Publishes a seeded market to NATS; see the package. Thread-safe. */
public final class PublisherServer implements Target {
  /** How the command line sees it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "ticker-publisher",
          "Seeded market for the ticker, published to NATS at a steady rate",
          PublisherSettings.OPTIONS,
          reader ->
              new PublisherServer(
                  PublisherSettings.read(reader), InstantSource.system(), System::nanoTime));

  private static final int BODY_BYTES_MAX = 1024;

  private final LinkState state = new LinkState("NATS");
  private final NatsLink nats;
  private final Publishing publishing;
  private final HealthPages pages;
  private final EventLoops loops;
  private final Troubles troubles;
  private final Listener listener;
  private volatile boolean stopping;
  private boolean closed;

  /**
   * Starts; returns when its pages can be asked for, be NATS there or not.
   *
   * @param settings everything that can be set
   * @param wall stamps the messages
   * @param nanoClock keeps the schedule
   * @throws BadSettings if the port cannot be bound
   */
  PublisherServer(PublisherSettings settings, InstantSource wall, LongSupplier nanoClock) {
    LongSupplier unixNs = UnixClock.of(wall);
    long epoch = unixNs.getAsLong();
    PublisherMetrics metrics = new PublisherMetrics(state, epoch);
    nats =
        new NatsLink(
            settings.nats().toString(),
            "ticker-publisher",
            NatsLink.Waiting.NONE,
            state,
            new Unwatched(),
            nanoClock);
    publishing = new Publishing(settings, nats, metrics, epoch, unixNs, nanoClock);
    pages = new HealthPages(this::unready, metrics.page());
    loops = new EventLoops("publisher", 1);
    troubles = Troubles.start(settings.defects().troubles(), loops.group(), nanoClock);
    try {
      listener = Listener.bind(loops, settings.host(), settings.port(), this::accept);
    } catch (BadSettings e) {
      troubles.close();
      loops.close();
      throw e;
    }
    nats.start();
    publishing.start();
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
    publishing.close();
    nats.close();
    listener.close();
    troubles.close();
    loops.close();
  }

  private Optional<String> unready() {
    return stopping ? Optional.of("the publisher is stopping") : state.reason();
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

  /** The schedule looks by itself whether NATS is there. */
  private static final class Unwatched implements NatsLink.Watcher {
    @Override
    public void connected(Connection connection) {}

    @Override
    public void resubscribed() {}

    @Override
    public void dropped() {}
  }
}

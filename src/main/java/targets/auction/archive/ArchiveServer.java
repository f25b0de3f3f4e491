package targets.auction.archive;

import io.nats.client.Connection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import settings.BadSettings;
import targets.auction.AuctionDefects;
import targets.auction.EventStore;
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

/** The archive; see the package. Thread-safe. */
public final class ArchiveServer implements Target {
  /** How the command line sees it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "archive",
          "Auction: every accepted bid into PostgreSQL, exactly once",
          ArchiveSettings.OPTIONS,
          reader -> new ArchiveServer(ArchiveSettings.read(reader), System::nanoTime));

  private static final int BODY_BYTES_MAX = 1024;

  private final LinkState natsState = new LinkState("NATS");
  private final LinkState postgres = new LinkState("PostgreSQL");
  private final Archive archive;
  private final StoreKeeper keeper;
  private final NatsLink nats;
  private final ArchiveWorker worker;
  private final HealthPages pages;
  private final EventLoops loops;
  private final Troubles troubles;
  private final Listener listener;
  private volatile boolean stopping;
  private boolean closed;

  /**
   * Starts; returns when its pages can be asked for, be NATS and PostgreSQL there or not.
   *
   * @param settings everything that can be set
   * @param nanoClock bounds waiting
   * @throws BadSettings if the port cannot be bound
   */
  ArchiveServer(ArchiveSettings settings, LongSupplier nanoClock) {
    boolean itemsFirst = !settings.defects().has(AuctionDefects.ARCHIVE_BEFORE_ITEM);
    ArchiveMetrics metrics = new ArchiveMetrics(natsState, postgres);
    pages = new HealthPages(this::unready, metrics.page());
    loops = new EventLoops("archive", 1);
    troubles = Troubles.start(settings.defects().troubles(), loops.group(), nanoClock);
    try {
      listener = Listener.bind(loops, settings.host(), settings.port(), this::accept);
    } catch (BadSettings e) {
      troubles.close();
      loops.close();
      throw e;
    }
    archive = new Archive(settings.postgres(), itemsFirst);
    keeper =
        new StoreKeeper(
            settings.store(), EventStore.configuration(settings.store()), new Unwatched());
    nats =
        new NatsLink(
            settings.nats().toString(),
            "archive",
            NatsLink.Waiting.NONE,
            natsState,
            keeper,
            nanoClock);
    worker = new ArchiveWorker(archive, postgres, nats, keeper, metrics, settings, nanoClock);
    keeper.start();
    nats.start();
    worker.start();
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
    worker.close();
    keeper.close();
    nats.close();
    archive.close();
    listener.close();
    troubles.close();
    loops.close();
  }

  private Optional<String> unready() {
    if (stopping) {
      return Optional.of("the archive is stopping");
    }
    return Stream.of(natsState, keeper.state(), postgres)
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

  /** The worker finds out by itself, at its next batch. */
  private static final class Unwatched implements NatsLink.Watcher {
    @Override
    public void connected(Connection connection) {}

    @Override
    public void resubscribed() {}

    @Override
    public void dropped() {}
  }
}

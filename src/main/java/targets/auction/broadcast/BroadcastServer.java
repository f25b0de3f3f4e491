package targets.auction.broadcast;

import io.nats.client.Connection;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.Optional;
import java.util.function.LongSupplier;
import settings.BadSettings;
import targets.auction.EventStore;
import targets.auction.Names;
import targets.shared.EventLoops;
import targets.shared.HealthPages;
import targets.shared.LinkState;
import targets.shared.Listener;
import targets.shared.NatsLink;
import targets.shared.StoreKeeper;
import targets.shared.StoreReader;
import targets.shared.StreamSlots;
import targets.shared.Target;
import targets.shared.TargetSpec;
import targets.shared.Troubles;

/** The broadcast service; see the package. Thread-safe. */
public final class BroadcastServer implements Target {
  /** How the command line sees it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "broadcast",
          "Auction: every accepted bid to everybody who watches",
          BroadcastSettings.OPTIONS,
          reader -> new BroadcastServer(BroadcastSettings.read(reader), System::nanoTime));

  private static final int BODY_BYTES_MAX = 1024;

  private final LinkState natsState = new LinkState("NATS");
  private final BroadcastSettings settings;
  private final BroadcastConnection.Parts parts;
  private final EventLoops loops;
  private final StoreKeeper keeper;
  private final NatsLink nats;
  private final Troubles troubles;
  private final Listener listener;
  private volatile boolean stopping;
  private boolean closed;

  /**
   * Starts; returns when it listens, be NATS there or not.
   *
   * @param settings everything that can be set
   * @param nanoClock bounds waiting
   * @throws BadSettings if the port cannot be bound
   */
  BroadcastServer(BroadcastSettings settings, LongSupplier nanoClock) {
    this.settings = settings;
    BroadcastMetrics metrics = new BroadcastMetrics(natsState);
    loops = new EventLoops("broadcast", settings.threads());
    StoreReader store =
        new StoreReader(settings.store(), Names.STORE, this::connection, metrics.storeReads);
    Feeds feeds =
        new Feeds(
            loops.group(),
            new ItemFeed.Parts(
                store, metrics, new Mischief(settings.defects()), settings.outboxBytes()));
    keeper = new StoreKeeper(settings.store(), EventStore.configuration(settings.store()), feeds);
    nats =
        new NatsLink(
            settings.nats().toString(),
            "broadcast",
            NatsLink.Waiting.NONE,
            natsState,
            keeper,
            nanoClock);
    troubles = Troubles.start(settings.defects().troubles(), loops.group(), nanoClock);
    parts =
        new BroadcastConnection.Parts(
            feeds,
            metrics,
            new StreamSlots(settings.maxViewers(), nanoClock),
            new HealthPages(this::unready, metrics.page()),
            troubles,
            new Pinger(settings.ping(), settings.silence(), nanoClock),
            this::unready);
    try {
      listener = Listener.bind(loops, settings.host(), settings.port(), this::accept);
    } catch (BadSettings e) {
      troubles.close();
      loops.close();
      throw e;
    }
    keeper.start();
    nats.start();
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
    listener.close();
    parts.slots().drain();
    parts.pinger().stop();
    parts.slots().awaitEmpty(settings.drain());
    keeper.close();
    nats.close();
    troubles.close();
    loops.close();
  }

  private Optional<Connection> connection() {
    return nats.connection();
  }

  private Optional<String> unready() {
    if (stopping) {
      return Optional.of("the service is stopping");
    }
    Optional<String> reason = natsState.reason();
    return reason.isPresent() ? reason : keeper.state().reason();
  }

  private void accept(SocketChannel channel) {
    channel
        .config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(settings.outboxBytes() / 2, settings.outboxBytes()));
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(BODY_BYTES_MAX))
        .addLast(new BroadcastConnection(parts));
  }
}

package targets.auction.broadcast;

import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import settings.SettingsReader;
import targets.auction.EventStore;
import targets.shared.Extension;
import targets.shared.HttpEdge;
import targets.shared.LinkState;
import targets.shared.PushClients;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.Target;
import targets.shared.TargetSpec;

/** Composition of the broadcast service; see the package. */
public final class BroadcastServer {
  /** The target's specification. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "broadcast",
          "Auction: every accepted bid to every viewer",
          BroadcastSettings.class,
          reader -> start(reader, UnaryOperator.identity(), Extension.NONE));

  private static final int BODY_BYTES_MAX = 1024;
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

  private final LinkState natsState = new LinkState("NATS");
  private final BroadcastSettings settings;
  private final Service service;
  private final PushClients clients;
  private final Viewers viewers;

  @SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
  private BroadcastServer(
      BroadcastSettings settings,
      UnaryOperator<Consumer<byte[]>> path,
      Extension extension,
      LongSupplier nanoClock) {
    this.settings = settings;
    BroadcastCounters counters = new BroadcastCounters(this::delivered, natsState);
    service = new Service("broadcast", settings.threads(), counters.all, extension);
    clients =
        new PushClients(
            service.loops().group(),
            new PushClients.Limits(
                0, settings.ping(), settings.silence(), settings.silence(), CLOSE_WAIT),
            nanoClock);
    ItemFeeds feeds = new ItemFeeds(settings.store().store(), clients, counters, path);
    EventStore store = new EventStore(settings.store(), service, natsState, feeds, nanoClock);
    service.needs(natsState);
    service.needs(store.state());
    StreamSlots slots = new StreamSlots(settings.maxViewers(), nanoClock);
    viewers = new Viewers(service, clients, slots, feeds);
    service.drains(slots, settings.drain(), channel -> channel.close());
    service.onClose(clients::closeAll);
    service.listen(settings.host(), settings.port(), this::accept);
    clients.start();
  }

  /**
   * Starts the service; returns when it listens, whether NATS answers or not.
   *
   * @param path decorates the sender of each item's events, which one thread uses
   * @throws settings.BadSettings for wrong settings, or if the port cannot be bound
   */
  public static Target start(
      SettingsReader reader, UnaryOperator<Consumer<byte[]>> path, Extension extension) {
    BroadcastSettings settings = reader.finish(BroadcastSettings.class);
    return new BroadcastServer(settings, path, extension, System::nanoTime).service;
  }

  private long delivered() {
    return clients.delivered.sum();
  }

  private void accept(SocketChannel channel) {
    int bytes = settings.outboxBytes();
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(bytes / 2, bytes));
    HttpEdge.fill(channel, BODY_BYTES_MAX, viewers.edge());
  }
}

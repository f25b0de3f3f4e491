package targets.auction.broadcast;

import io.netty.channel.WriteBufferWaterMark;
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

  private BroadcastServer() {}

  /**
   * Starts the service; returns when it listens, whether NATS answers or not.
   *
   * @param path decorates the sender of each item's events, which one thread uses
   * @throws settings.BadSettings for wrong settings, or if the port cannot be bound
   */
  @SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
  public static Target start(
      SettingsReader reader, UnaryOperator<Consumer<byte[]>> path, Extension extension) {
    BroadcastSettings settings = reader.finish(BroadcastSettings.class);
    LongSupplier nanoClock = System::nanoTime;
    LinkState nats = new LinkState("NATS");
    BroadcastCounters counters = new BroadcastCounters(nats);
    Service service = new Service("broadcast", settings.threads(), counters.all, extension);
    PushClients clients =
        new PushClients(
            service.loops().group(),
            new PushClients.Limits(
                0, settings.ping(), settings.silence(), settings.silence(), CLOSE_WAIT),
            nanoClock);
    counters.delivered(clients::delivered);
    ItemFeeds feeds = new ItemFeeds(settings.store().store(), clients, counters, path);
    EventStore store = new EventStore(settings.store(), service, nats, feeds, nanoClock);
    service.needs(nats);
    service.needs(store.state());
    StreamSlots slots = new StreamSlots(settings.maxViewers(), nanoClock);
    Viewers viewers = new Viewers(service, clients, slots, feeds);
    service.drains(slots, settings.drain(), channel -> channel.close());
    service.onClose(clients::closeAll);
    int bytes = settings.outboxBytes();
    service.listen(
        settings.host(),
        settings.port(),
        channel -> {
          channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(bytes / 2, bytes));
          HttpEdge.fill(channel, BODY_BYTES_MAX, viewers.edge());
        });
    clients.start();
    return service;
  }
}

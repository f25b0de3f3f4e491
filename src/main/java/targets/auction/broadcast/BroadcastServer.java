package targets.auction.broadcast;

import static settings.Option.Form.BYTES;

import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import targets.auction.EventStore;
import targets.shared.Extension;
import targets.shared.HttpEdge;
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
          Settings.class,
          reader -> start(reader, UnaryOperator.identity(), Extension.NONE));

  /** Settings of the broadcast service. */
  record Settings(
      @Option(value = "127.0.0.1", about = "address to listen on") String host,
      @Option(value = "8081", max = "65535", about = "port to listen on, 0 for any free one")
          int port,
      @Option(value = "20000", min = "1", max = "1000000", about = "viewers at once; above it 503")
          int maxViewers,
      @Option(
              value = "64KiB",
              form = BYTES,
              min = "1KiB",
              max = "64MiB",
              about = "drop a viewer when more bytes than this wait for it")
          int outbox,
      @Option(value = "25s", min = "10ms", max = "1h", about = "time between pings") Duration ping,
      @Option(value = "60s", min = "10ms", max = "1h", about = "drop a viewer silent for so long")
          Duration silence,
      EventStore.Settings store,
      @Option(value = "2s", max = "1h", about = "how long viewers may take to close when stopping")
          Duration drain,
      @Option(value = "2", min = "1", max = "256", about = "event loops") int threads)
      implements Checked {
    @Override
    public void check(SettingsReader reader) {
      if (reader.isRight() && silence.compareTo(ping) <= 0) {
        reader.error("silence", "must be longer than --ping, which viewers answer");
      }
    }
  }

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
    Settings settings = reader.finish(Settings.class);
    LongSupplier nanoClock = System::nanoTime;
    BroadcastCounters counters = new BroadcastCounters();
    Service service = new Service("broadcast", settings.threads(), counters.all, extension);
    PushClients clients =
        new PushClients(
            service.loops().group(),
            new PushClients.Limits(
                0, settings.ping(), settings.silence(), settings.silence(), CLOSE_WAIT),
            nanoClock);
    counters.all.counter("frames_delivered", "Events handed to sockets", clients::delivered);
    ItemFeeds feeds = new ItemFeeds(settings.store().store(), clients, counters, path);
    EventStore store = new EventStore(settings.store(), service, feeds, nanoClock);
    store.declare(counters.all);
    store.states().forEach(service::needs);
    StreamSlots slots = new StreamSlots(settings.maxViewers(), nanoClock);
    service.drains(slots, settings.drain(), channel -> channel.close());
    service.onClose(clients::closeAll);
    int bytes = settings.outbox();
    service.listen(
        settings.host(),
        settings.port(),
        channel -> {
          channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(bytes / 2, bytes));
          HttpEdge.fill(channel, BODY_BYTES_MAX, new ViewerRoutes(service, clients, slots, feeds));
        });
    clients.start();
    return service;
  }
}

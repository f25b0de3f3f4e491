package targets.auction.broadcast;

import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import targets.auction.EventStore;
import targets.shared.Clocks;
import targets.shared.CloseReason;
import targets.shared.Counters;
import targets.shared.Delivery;
import targets.shared.Extension;
import targets.shared.HttpEdge;
import targets.shared.Listener;
import targets.shared.PushClients;
import targets.shared.PushMessage;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.TargetSpec;

/** Composition of the broadcast service; see the package. */
public final class BroadcastServer {
  public static final TargetSpec SPEC =
      new TargetSpec(
          "broadcast",
          8081,
          "Auction: every accepted bid to every viewer",
          Settings.class,
          reader -> start(reader, new Seam() {}));

  /** Parts of the service that can be decorated from outside. */
  public interface Seam {
    /** Returns the sender of an item's events, which one thread uses. */
    default Consumer<byte[]> path(Consumer<byte[]> honest) {
      return honest;
    }

    /** Returns the delivery of an item's events to its viewers on one event loop. */
    default Delivery<PushMessage> delivery(Delivery<PushMessage> honest) {
      return honest;
    }
  }

  record Settings(
      Listener listener,
      @Option(value = "20000", in = "1..1000000", help = "viewers at once; above it 503")
          int maxViewers,
      @Option(value = "64KiB", in = "1KiB..64MiB", help = "drop a viewer for whom more bytes wait")
          int outbox,
      @Option(value = "25s", in = "10ms..1h", help = "time between pings") Duration ping,
      @Option(value = "60s", in = "10ms..1h", help = "drop a viewer silent for so long")
          Duration silence,
      EventStore store,
      @Option(value = "2s", in = "0..1h", help = "how long viewers may take to close when stopping")
          Duration drain,
      @Option(value = "2", in = "1..256", help = "event loops") int threads)
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

  /** Starts the service, as {@link TargetSpec#start} does. */
  @SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
  public static Service start(SettingsReader reader, Seam seam, Extension... extensions) {
    Settings settings = reader.finish(Settings.class);
    Figures counters = new Figures();
    Service service = new Service("broadcast", settings.threads(), counters, extensions);
    PushClients clients =
        new PushClients(
            service.loops(),
            new PushClients.Limits(
                0, settings.ping(), settings.silence(), settings.silence(), CLOSE_WAIT),
            counters,
            Clocks.SYSTEM.nano());
    LongAdder delivered = counters.named("messages_delivered");
    counters.counter("frames_delivered", "Events handed to sockets", delivered::sum);
    ItemFeeds feeds = new ItemFeeds(settings.store().store(), clients, counters, seam);
    settings.store().link(service, counters, feeds).states().forEach(service::needs);
    StreamSlots slots = new StreamSlots(settings.maxViewers());
    service.drains(slots, settings.drain(), channel -> channel.close());
    service.onClose(clients::closeAll);
    int bytes = settings.outbox();
    service.listen(
        settings.listener(),
        channel -> {
          channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(bytes / 2, bytes));
          HttpEdge.fill(channel, BODY_BYTES_MAX, new ViewerRoutes(service, clients, slots, feeds));
        });
    return service;
  }

  /** Figures of the broadcast service: viewers that came = viewers now + ended, of every kind. */
  static final class Figures extends Counters {
    /** How a viewer ended. */
    enum End {
      LEFT,
      SLOW,
      /** The viewer did not answer pings. */
      SILENT,
      /** The viewer violated the WebSocket protocol. */
      BROKEN,
      STOPPED;

      static End of(CloseReason why) {
        return switch (why) {
          case OUTBOX_FULL, STALLED -> SLOW;
          case IDLE -> SILENT;
          case STOPPING -> STOPPED;
          default -> BROKEN;
        };
      }
    }

    {
      difference("viewers", "Viewers now", "viewers_came", List.of("ended"));
    }

    final LongAdder came = counter("viewers_came", "Viewers since the start");
    final Map<End, LongAdder> ended = counters("ended", "Viewers that ended so", End.class);
    final LongAdder events = counter("events", "Events of items with viewers");
    final LongAdder encoded = counter("frames_encoded", "Frames encoded");
    final LongAdder repeated = counter("events_repeated", "Events received again");
    final LongAdder replayed = counter("events_replayed", "Events from the store");
    final LongAdder missing =
        counter("events_missing", "Events that neither NATS nor the store had");
    final LongAdder unreadable = counter("events_unreadable", "Messages that are not events");
    final LongAdder dropped = counter("events_dropped", "Times the NATS client dropped messages");
    final LongAdder storeReads = counter("store_reads", "Requests to the store");
    final LongAdder refused =
        counter("refused_requests", "broadcast_requests_refused", "Requests refused");
    final LongAdder messages =
        counter("messages_heard", "Messages from viewers, which are ignored");

    Figures() {
      super("broadcast_");
      figure("slow_viewers", ended.get(End.SLOW)::sum);
    }
  }
}

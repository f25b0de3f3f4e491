package targets.defects;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import targets.defects.CommonDefects.Requests;
import targets.events.EventsServer;
import targets.events.EventsServer.Times;
import targets.events.EventsServer.Watch;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.TargetSpec;

/** The defects of the event server; the first is one of the original's. */
public final class EventsDefects {
  private static final Duration FOREVER = Duration.ofDays(365);

  public static final TargetSpec SPEC =
      Defects.around(
          EventsServer.SPEC,
          Requests.of("GET /(sse.*|broadcast)", "refused_requests"),
          "watcher-per-connection, event-set-leak, leak-1kb-per-connection, no-send-timeout,"
              + " slow-client-blocks-all, shutdown-hangs, shutdown-cuts-streams,"
              + " ignore-last-event-id, off-by-one-resume, block-loop-15ms",
          (reader, defects, common) ->
              EventsServer.start(
                  reader, new EventsSeam(defects), common, new OfConnections(defects)));

  private EventsDefects() {}

  private record EventsSeam(Defects defects) implements EventsServer.Seam {
    private static final long BLOCK_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PAUSE_MS = 5;

    @Override
    public Watch watch(Supplier<Watch> honest) {
      Watch watch = defects.has("watcher-per-connection") ? new OneEach(honest) : honest.get();
      return defects.plant("event-set-leak", watch, Forgetful::new);
    }

    @Override
    public Times times(Times set) {
      return new Times(
          defects.has("no-send-timeout") ? FOREVER : set.sendTimeout(),
          set.keepAlive(),
          defects.has("shutdown-hangs") ? FOREVER : set.drain());
    }

    @Override
    public OptionalLong resume(long lastEventId) {
      if (defects.has("ignore-last-event-id")) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(lastEventId + defects.value("off-by-one-resume"));
    }

    /** With the defect the event loop waits for the client, as a write that blocks does. */
    @Override
    public void stalled(Channel channel) {
      if (defects.has("slow-client-blocks-all") && channel.isActive() && !channel.isWritable()) {
        var unused =
            channel
                .eventLoop()
                .schedule(
                    () -> {
                      LockSupport.parkNanos(BLOCK_NS);
                      stalled(channel);
                    },
                    PAUSE_MS,
                    TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public void stop(Channel channel, Runnable honest) {
      if (defects.has("shutdown-cuts-streams")) {
        var unused = channel.close();
      } else if (!defects.has("shutdown-hangs")) {
        honest.run();
      }
    }
  }

  /** A watcher for each stream. */
  private static final class OneEach implements Watch {
    private final Map<Watched, Watch> watches = new ConcurrentHashMap<>();
    private final Supplier<Watch> honest;

    OneEach(Supplier<Watch> honest) {
      this.honest = honest;
    }

    @Override
    public void add(Watched watched) {
      watches.computeIfAbsent(watched, unused -> honest.get()).add(watched);
    }

    @Override
    public void remove(Watched watched) {
      watches.remove(watched).remove(watched);
    }
  }

  /** Registers streams, and never removes them. */
  private record Forgetful(Watch honest) implements Watch {
    @Override
    public void add(Watched watched) {
      honest.add(watched);
    }

    @Override
    public void remove(Watched watched) {}
  }

  /** What happens at connections and on event loops, without the server's part. */
  private static final class OfConnections implements Extension {
    private static final int CONNECTION_BYTES = 1024;
    private static final long BLOCK_NS = TimeUnit.MILLISECONDS.toNanos(15);
    private static final long EVERY_MS = 200;

    private final Defects defects;
    private final Leak memory =
        new Leak("leak-1kb-per-connection", Integer.MAX_VALUE, () -> Leak.memory(CONNECTION_BYTES));

    OfConnections(Defects defects) {
      this.defects = defects;
    }

    @Override
    public void start(Iterable<? extends ScheduledExecutorService> loops, Counters counters) {
      if (defects.has("block-loop-15ms")) {
        for (ScheduledExecutorService loop : loops) {
          var unused =
              loop.scheduleAtFixedRate(
                  () -> LockSupport.parkNanos(BLOCK_NS), EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
        }
      }
    }

    @Override
    public void connected(ChannelPipeline pipeline) {
      if (defects.has("leak-1kb-per-connection")) {
        memory.leak();
      }
    }

    @Override
    public void close() {
      memory.close();
    }
  }
}

package targets.events;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import settings.Option;
import settings.SettingsReader;
import targets.shared.Clocks;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.HttpEdge;
import targets.shared.LoopProbe;
import targets.shared.Pacer;
import targets.shared.PsutilFigures;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.TargetSpec;

/** An SSE event server; see the package. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored")
public final class EventsServer {
  public static final TargetSpec SPEC =
      new TargetSpec(
          "events",
          8085,
          "SSE event server: numbered streams at a set pace, and a broadcast",
          EventsSettings.class,
          reader -> start(reader, new Seam() {}));

  /** A stream waits for its client while more than this waits for the socket. */
  static final WriteBufferWaterMark WAITING_BYTES = new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  final EventsSettings settings;
  final Seam seam;
  final Times times;
  final Clocks clocks = Clocks.SYSTEM;
  final Metrics metrics;
  final Service service;
  final StreamSlots slots;
  final Feed feed;
  final Watch watch;
  private final Map<EventLoop, Pacer> pacers = new ConcurrentHashMap<>();

  /** Parts of the server that can be replaced from outside. */
  public interface Seam {
    /** Returns what looks after the streams, given the way to make an honest one. */
    default Watch watch(Supplier<Watch> honest) {
      return honest.get();
    }

    default Times times(Times set) {
      return set;
    }

    /** Returns the number after which a stream resumes; empty to begin as if it were new. */
    default OptionalLong resume(long lastEventId) {
      return OptionalLong.of(lastEventId);
    }

    /** A stream has to wait for its client; called on its event loop. */
    default void stalled(Channel channel) {}

    /** Ends a stream because the server stops; called on its event loop. */
    default void stop(Channel channel, Runnable honest) {
      honest.run();
    }
  }

  /** Registrations of streams to be looked after. Thread-safe. */
  public interface Watch {
    void add(Watched watched);

    void remove(Watched watched);

    /** What is looked after, a few times a second, by a thread of the watch. */
    interface Watched {
      /** Does what is due. */
      void look(long nowNs, boolean stopping);
    }
  }

  /**
   * Times of the streams.
   *
   * @param sendTimeout longest time without reading, for a client for which events wait
   * @param keepAlive silence before a comment
   * @param drain from the stop of the server to the end of the last stream
   */
  public record Times(
      @Option(value = "30s", in = "10ms..1h", help = "cut off a client that reads nothing so long")
          Duration sendTimeout,
      @Option(value = "15s", in = "10ms..1h", help = "silence before a keep-alive comment")
          Duration keepAlive,
      @Option(value = "10s", in = "0..1h", help = "how long streams may take to end when stopping")
          Duration drain) {}

  private EventsServer(EventsSettings settings, Seam seam, Extension... extensions) {
    this.settings = settings;
    this.seam = seam;
    this.times = seam.times(settings.times());
    this.metrics = new Metrics();
    this.service = new Service("events", settings.threads(), metrics, extensions);
    this.feed = new Feed(settings.replay(), metrics.replayMissed, clocks.nano());
    this.watch = seam.watch(() -> new Watcher(metrics, service::isStopping, clocks.nano()));
    this.slots = new StreamSlots(settings.maxStreams());
    metrics.gauge("connections", "Connections open now", service::connections);
    service.add(new LoopProbe(service.loops(), metrics, clocks.nano()));
    service.drains(slots, times.drain(), channel -> channel.close());
  }

  /** Starts a server, as {@link TargetSpec#start} does. */
  public static Service start(SettingsReader reader, Seam seam, Extension... extensions) {
    EventsServer server = new EventsServer(reader.finish(EventsSettings.class), seam, extensions);
    EventsSettings all = server.settings;
    Http2 http2 = new Http2(server);
    Optional<SslContext> tls = all.tlsPort().map(unused -> Certificate.tls());
    server.service.listen(
        all.listener(),
        channel -> {
          server.fill(channel);
          http2.offer(channel);
        });
    if (tls.isPresent()) {
      server.metrics.tlsPort =
          server.service.listenAlso(
              "--tls-port",
              all.listener().host(),
              all.tlsPort().get(),
              channel -> http2.fill(channel, tls.get()));
    }
    return server.service;
  }

  /** Fills the pipeline of a connection of HTTP/1. */
  void fill(SocketChannel channel) {
    channel.config().setWriteBufferWaterMark(WAITING_BYTES);
    HttpEdge.fill(channel, settings.maxBody(), new EventsEdge(this));
  }

  Pacer pacer(EventLoop loop) {
    return pacers.computeIfAbsent(loop, each -> new Pacer(each, clocks.nano()));
  }

  /** Takes a slot for a stream; returns the reason if there is none. */
  Optional<String> admit(StreamRequest request) {
    Optional<String> reason = service.unready();
    if (reason.isEmpty() && !slots.take()) {
      reason = Optional.of("all " + settings.maxStreams() + " streams are taken");
    }
    (reason.isPresent() ? metrics.refused : metrics.started).increment();
    if (reason.isEmpty() && request.lastEventId().isPresent()) {
      metrics.resumed.increment();
    }
    return reason;
  }

  /**
   * Counters of the server, after the figures of the process that the original reports.
   * Thread-safe.
   *
   * <p>Conservation: streams started = open + completed + aborted.
   */
  static final class Metrics extends Counters {
    private final PsutilFigures process = new PsutilFigures();
    final LongAdder watchers = new LongAdder();
    final LongAdder registered = new LongAdder();

    /** The port for TLS; 0 while there is none. */
    volatile int tlsPort;

    { // Before the fields below, because the figures are shown in this order.
      figure("watcher_started", () -> watchers.sum() > 0);
      gauge("registered_events", "Streams registered with a watcher", registered::sum);
      gauge("watchers", "Watchers running now", watchers::sum);
      difference(
          "streams_open",
          "Streams open now",
          "streams_started",
          List.of("streams_completed", "streams_aborted"));
      figure("tls_port", () -> tlsPort);
    }

    final LongAdder started = counter("streams_started", "Streams begun");
    final LongAdder completed =
        counter("streams_completed", "Streams whose end was handed to the socket");
    final LongAdder aborted =
        counter("streams_aborted", "Streams whose connection ended before them");
    final LongAdder watchersStarted = counter("watchers_started", "Watchers started");
    final LongAdder eventsSent = counter("events_sent", "Events written");
    final LongAdder published = counter("published", "Events published");
    final LongAdder stalls = counter("client_stalls", "Times a stream had to wait for its client");
    final LongAdder sendTimeouts =
        counter("send_timeouts", "Clients cut off because they did not read");
    final LongAdder resumed = counter("resumed", "Streams with a Last-Event-ID");
    final LongAdder replayMissed =
        counter("replay_missed", "Events that were no longer there for a stream");
    final LongAdder refused = counter("refused_requests", "Requests for streams refused");

    Metrics() {
      super("events_");
    }

    @Override
    protected Map<String, Object> shape(Map<String, Object> figures) {
      return process.before(figures);
    }
  }
}

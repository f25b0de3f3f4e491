package targets.relay;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.cors.CorsConfig;
import io.netty.handler.codec.http.cors.CorsConfigBuilder;
import io.netty.handler.codec.http.cors.CorsHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import settings.BadSettings;
import targets.shared.EventLoops;
import targets.shared.HealthPages;
import targets.shared.Listener;
import targets.shared.Target;
import targets.shared.TargetSpec;
import targets.shared.Troubles;
import targets.shared.UnixClock;

/** From NATS to SSE; see the package. Thread-safe. */
public final class AdapterServer implements Target {
  /** How the command line sees it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "relay-adapter",
          "Token relay, second half: NATS to server-sent events",
          AdapterSettings.OPTIONS,
          reader ->
              new AdapterServer(
                  AdapterSettings.read(reader), InstantSource.system(), System::nanoTime));

  /** A client is slow while more than this waits for its socket. */
  private static final WriteBufferWaterMark WAITING_BYTES =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  /** A browser need not ask again for so long what a page may do. */
  private static final long PREFLIGHT_S = 3600;

  private static final int BODY_BYTES_MAX = 1 << 20;

  /** Tokens that come together leave together, at most so many in one write. */
  private static final int FLUSH_EVERY = 256;

  private static final Duration LAST_BYTES = Duration.ofSeconds(2);

  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AdapterParts parts;
  private final HealthPages pages;
  private final EventLoops loops;
  private final Troubles troubles;
  private final Listener listener;
  private final CorsConfig cors;
  private volatile boolean stopping;
  private boolean closed;

  /**
   * Starts; returns when it listens, be NATS there or not.
   *
   * @param settings everything that can be set
   * @param wall stamps the messages
   * @param nanoClock bounds waiting
   * @throws BadSettings if the port cannot be bound
   */
  AdapterServer(AdapterSettings settings, InstantSource wall, LongSupplier nanoClock) {
    parts = AdapterParts.of(settings, UnixClock.of(wall), nanoClock);
    cors = cors(settings.cors());
    pages = new HealthPages(this::unready, parts.metrics().page());
    loops = new EventLoops("adapter", settings.threads());
    troubles = Troubles.start(settings.defects().troubles(), loops.group(), nanoClock);
    try {
      listener = Listener.bind(loops, settings.host(), settings.port(), this::accept);
    } catch (BadSettings e) {
      troubles.close();
      loops.close();
      throw e;
    }
    parts.start();
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
    parts.slots().awaitEmpty(parts.settings().drain());
    for (Channel channel : connections) {
      AdapterConnection connection = channel.pipeline().get(AdapterConnection.class);
      channel.eventLoop().execute(connection::cutShort);
    }
    parts.slots().awaitEmpty(LAST_BYTES);
    parts.stop();
    connections.close().awaitUninterruptibly(LAST_BYTES.toMillis(), TimeUnit.MILLISECONDS);
    troubles.close();
    loops.close();
  }

  /** Netty refuses an empty list of origins by a configuration of its own. */
  private static CorsConfig cors(List<String> origins) {
    if (origins.isEmpty()) {
      return CorsConfigBuilder.forAnyOrigin().disable().build();
    }
    CorsConfigBuilder builder =
        origins.contains("*")
            ? CorsConfigBuilder.forAnyOrigin()
            : CorsConfigBuilder.forOrigins(origins.toArray(new String[0]));
    return builder
        .allowedRequestMethods(HttpMethod.GET, HttpMethod.POST)
        .allowedRequestHeaders("content-type", "last-event-id")
        .maxAge(PREFLIGHT_S)
        .noPreflightResponseHeaders()
        .build();
  }

  private Optional<String> unready() {
    return stopping ? Optional.of("the adapter is stopping") : parts.unready();
  }

  private void accept(SocketChannel channel) {
    channel.config().setWriteBufferWaterMark(WAITING_BYTES);
    channel
        .pipeline()
        .addLast(new FlushConsolidationHandler(FLUSH_EVERY, true))
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(BODY_BYTES_MAX))
        .addLast(new CorsHandler(cors))
        .addLast(new AdapterConnection(parts, pages, troubles, this::unready));
    connections.add(channel);
  }
}

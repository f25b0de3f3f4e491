package targets.proxy;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import settings.BadSettings;
import targets.shared.EventLoops;
import targets.shared.Listener;
import targets.shared.Metrics;
import targets.shared.StreamSlots;
import targets.shared.Target;
import targets.shared.TargetSpec;
import targets.shared.Troubles;

/** The context-unaware streaming proxy: composition and lifecycle. Thread-safe. */
public final class ProxyServer implements Target {
  /** The proxy as the command line knows it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "proxy",
          "passes SSE streams on from an upstream, byte by byte",
          ProxySettings.OPTIONS,
          reader -> start(ProxySettings.read(reader), System::nanoTime));

  private static final int MAX_LINE_BYTES = 16 * 1024;
  private static final int MAX_HEAD_BYTES = 32 * 1024;

  /** Clients send little: small buffers let ten thousand of them fit in a small heap. */
  private static final AdaptiveRecvByteBufAllocator READ_SIZES =
      new AdaptiveRecvByteBufAllocator(256, 512, 16 * 1024);

  /** Bounds client connections, idle ones too; above it they are closed as they come. */
  private static final long CONNECTIONS_PER_STREAM = 2;

  /** After the bound of the drain, so that the last resets leave before the loops stop. */
  private static final Duration CUT_OFF_BOUND = Duration.ofSeconds(1);

  private final EventLoops loops;
  private final ProxyParts parts;
  private final IdentityHashMap<EventLoop, UpstreamPool> pools = new IdentityHashMap<>();
  private final Listener listener;
  private final int port;

  private ProxyServer(ProxySettings settings, LongSupplier nanoClock) {
    loops = new EventLoops("proxy", settings.threads());
    StreamSlots slots = new StreamSlots(settings.maxStreams(), nanoClock);
    ProxyMetrics counters = new ProxyMetrics(settings, slots);
    UpstreamWatch watch = new UpstreamWatch(loops, settings, slots, nanoClock);
    Metrics metrics = new Metrics(() -> figures(counters, watch));
    counters.register(metrics);
    parts =
        new ProxyParts(
            settings,
            counters,
            metrics,
            Troubles.start(settings.defects().troubles(), loops.group(), nanoClock),
            slots,
            new Routes(settings.upstream()),
            watch,
            ConcurrentHashMap.newKeySet(),
            nanoClock);
    for (EventExecutor loop : loops.group()) {
      pools.put(
          (EventLoop) loop,
          new UpstreamPool((EventLoop) loop, loops, settings, counters, nanoClock));
    }
    listener = listen(settings);
    port = listener.port();
  }

  /**
   * Starts the proxy; it listens when this returns.
   *
   * @param nanoClock monotonic time in nanoseconds
   * @throws settings.BadSettings if the port cannot be bound
   */
  public static ProxyServer start(ProxySettings settings, LongSupplier nanoClock) {
    return new ProxyServer(settings, nanoClock);
  }

  @Override
  public int port() {
    return port;
  }

  /**
   * Stops: no new connection, 503 for new requests; running streams may end within the drain bound
   * and are broken off after it.
   */
  @Override
  public void close() {
    if (!parts.slots().drain()) {
      return;
    }
    listener.close();
    parts.clients().forEach(ClientSide::drain);
    parts.slots().awaitEmpty(parts.settings().drain());
    if (parts.slots().active() > 0) {
      parts.clients().forEach(ClientSide::cutOff);
      parts.slots().awaitEmpty(CUT_OFF_BOUND);
    }
    loops.close();
    parts.troubles().close();
  }

  private Listener listen(ProxySettings settings) {
    try {
      return Listener.bind(loops, settings.host(), settings.port(), this::fill);
    } catch (BadSettings e) {
      loops.close();
      parts.troubles().close();
      throw e;
    }
  }

  private void fill(SocketChannel channel) {
    if (parts.clients().size() >= parts.settings().maxStreams() * CONNECTIONS_PER_STREAM) {
      parts.counters().refused.increment();
      var unused = channel.close();
      return;
    }
    channel.config().setRecvByteBufAllocator(READ_SIZES);
    channel
        .config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(parts.settings().bufferLow(), parts.settings().bufferHigh()));
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(
        new HttpRequestDecoder(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEAD_BYTES)));
    var wire = pipeline.lastContext();
    pipeline.addLast(new HttpResponseEncoder());
    pipeline.addLast(new ClientSide(parts, pools.get(channel.eventLoop()), channel, wire));
  }

  private static Map<String, Object> figures(ProxyMetrics counters, UpstreamWatch watch) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("proxy", counters.asMap());
    map.put("deep_server", watch.deepServer());
    return map;
  }
}

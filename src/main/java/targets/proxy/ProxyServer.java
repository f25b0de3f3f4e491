package targets.proxy;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import settings.SettingsReader;
import targets.shared.Clocks;
import targets.shared.Extension;
import targets.shared.RequestTimer;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.TargetSpec;

/** The context-unaware streaming proxy, and what its connections share. Thread-safe. */
public final class ProxyServer {
  public static final TargetSpec SPEC =
      new TargetSpec(
          "proxy",
          10080,
          "passes SSE streams on from an upstream, byte by byte",
          ProxySettings.class,
          reader -> start(reader, UnaryOperator.identity()));

  private static final int MAX_LINE_BYTES = 16 * 1024;
  private static final int MAX_HEAD_BYTES = 32 * 1024;

  /** Clients send little: small buffers let ten thousand of them fit in a small heap. */
  private static final AdaptiveRecvByteBufAllocator READ_SIZES =
      new AdaptiveRecvByteBufAllocator(256, 512, 16 * 1024);

  final ProxySettings settings;
  final Clocks clocks;
  final StreamSlots slots;
  final UpstreamWatch watch;
  final ProxyMetrics metrics;
  final ProxyRoutes routes;
  final Service service;
  private final UnaryOperator<EventTally> tallies;
  private final Map<EventLoop, UpstreamPool> pools = new ConcurrentHashMap<>();

  private ProxyServer(
      ProxySettings settings,
      Clocks clocks,
      UnaryOperator<EventTally> tallies,
      Extension... extensions) {
    this.settings = settings;
    this.clocks = clocks;
    this.tallies = tallies;
    slots = new StreamSlots(settings.maxStreams());
    watch = new UpstreamWatch(settings, clocks.nano());
    metrics = new ProxyMetrics(settings, slots, watch);
    routes =
        new ProxyRoutes(
            settings.upstream().host(), settings.straight(), settings.listener().origins());
    service = new Service("proxy", settings.threads(), metrics, extensions);
    service.drains(slots, settings.drain(), side(ClientSide::cutOff));
    service.onClose(() -> service.eachConnection(side(ClientSide::drain)));
    service.listen(settings.listener(), this::accept);
  }

  /** Starts a proxy, as {@link TargetSpec#start} does; the tally of each stream is decorated. */
  public static Service start(
      SettingsReader reader, UnaryOperator<EventTally> tallies, Extension... extensions) {
    return new ProxyServer(reader.finish(ProxySettings.class), Clocks.SYSTEM, tallies, extensions)
        .service;
  }

  EventTally tally(ResponseHead head) {
    return head.isEventStream() ? tallies.apply(new EventTally.Blocks()) : EventTally.NONE;
  }

  private void accept(SocketChannel channel) {
    channel
        .config()
        .setRecvByteBufAllocator(READ_SIZES)
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(settings.bufferLow(), settings.bufferHigh()));
    UpstreamPool pool =
        pools.computeIfAbsent(channel.eventLoop(), loop -> new UpstreamPool(loop, this));
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(
        new HttpRequestDecoder(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEAD_BYTES)));
    RequestTimer timer = service.timer();
    pipeline.addLast(timer).addLast(new HttpResponseEncoder());
    var wire = pipeline.lastContext();
    pipeline.addLast(new ClientSide(this, pool, channel, wire, timer));
  }

  private static Consumer<Channel> side(Consumer<ClientSide> action) {
    return channel -> action.accept(channel.pipeline().get(ClientSide.class));
  }
}

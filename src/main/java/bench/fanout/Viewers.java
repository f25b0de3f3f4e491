package bench.fanout;

import bench.SseClients;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import stack.StackFailure;

/** WebSockets that hear everything and say nothing, all on one event loop. */
final class Viewers implements AutoCloseable {
  /** One after the other: a burst would overflow the listen queue. */
  private static final long OPENING_US = 500;

  private static final Duration OPEN_BOUND = Duration.ofSeconds(30);
  private static final long CLOSE_BOUND_S = 10;
  private static final int ANSWER_BYTES_MAX = 8 * 1024;
  private static final int FRAME_BYTES_MAX = 1 << 20;

  private final SseClients clients = new SseClients();
  private final ChannelGroup channels = new DefaultChannelGroup(clients.loop());
  private final URI socket;
  private final Optional<String> greeting;
  private final Arrivals arrivals;
  private final LongSupplier nanoClock;
  private final CountDownLatch opened;
  private volatile boolean closing;

  private Viewers(Venue venue, int viewers, Arrivals arrivals, LongSupplier nanoClock) {
    this.socket = venue.socket();
    this.greeting = venue.greeting();
    this.arrivals = arrivals;
    this.nanoClock = nanoClock;
    this.opened = new CountDownLatch(viewers);
  }

  /**
   * Opens them all.
   *
   * @throws StackFailure if that does not succeed in time
   */
  static Viewers open(Venue venue, int viewers, Arrivals arrivals, LongSupplier nanoClock)
      throws InterruptedException {
    Viewers all = new Viewers(venue, viewers, arrivals, nanoClock);
    try {
      all.openAll(viewers);
      return all;
    } catch (StackFailure | InterruptedException e) {
      all.close();
      throw e;
    }
  }

  private void openAll(int viewers) throws InterruptedException {
    EventLoop loop = clients.loop();
    for (int viewer = 0; viewer < viewers; viewer++) {
      int number = viewer;
      var unused = loop.schedule(() -> connect(number), viewer * OPENING_US, TimeUnit.MICROSECONDS);
    }
    Duration bound = OPEN_BOUND.plusNanos(TimeUnit.MICROSECONDS.toNanos(3 * OPENING_US) * viewers);
    if (!opened.await(bound.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new StackFailure(
          "%d of %d viewers could not connect to %s within %d s"
              .formatted(opened.getCount(), viewers, socket, bound.toSeconds()));
    }
  }

  private void connect(int number) {
    var unused = clients.bootstrap(socket, channels, () -> pipeline(number)).connect();
  }

  /** After the codec of HTTP, which is there and leaves with the answer. */
  private ChannelHandler pipeline(int number) {
    WebSocketClientProtocolConfig config =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(socket)
            .maxFramePayloadLength(FRAME_BYTES_MAX)
            .handshakeTimeoutMillis(OPEN_BOUND.toMillis())
            .build();
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        channel
            .pipeline()
            .addLast(
                new HttpObjectAggregator(ANSWER_BYTES_MAX),
                new WebSocketClientProtocolHandler(config),
                new Viewer(number));
      }
    };
  }

  @Override
  public void close() {
    closing = true;
    channels.close().awaitUninterruptibly(CLOSE_BOUND_S, TimeUnit.SECONDS);
    clients.close();
  }

  /** One of them. */
  @SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends the channel: seen.
  private final class Viewer extends ChannelInboundHandlerAdapter {
    private final NumberFinder numbers = new NumberFinder();
    private final int number;
    private long nowNs;
    private boolean open;

    Viewer(int number) {
      this.number = number;
    }

    private void take(long message) {
      arrivals.take(number, message, nowNs);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
        open = true;
        greeting.ifPresent(
            text ->
                ctx.writeAndFlush(
                    new TextWebSocketFrame(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8))));
        opened.countDown();
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (message instanceof WebSocketFrame frame) {
          nowNs = nanoClock.getAsLong();
          numbers.in(frame.content(), this::take);
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (open && !closing) {
        arrivals.left();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close(); // The connection broke; what it does not bring is counted as lost.
    }
  }
}

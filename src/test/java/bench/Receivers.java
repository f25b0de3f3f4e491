package bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import stack.StackFailure;

/** Bare clients on one Netty event loop: they receive, count and do nothing else. */
final class Receivers implements AutoCloseable {
  /** The interval between two connections: a burst would overflow the listen queue. */
  static final Duration ONE_BY_ONE = Duration.ofNanos(500_000);

  private static final int CONNECT_BOUND_MS = 10_000;
  private static final Duration OPEN_BOUND = Duration.ofSeconds(30);
  private static final int MESSAGE_BYTES_MAX = 1 << 20;
  private static final int CLOSE_BOUND_S = 10;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("receivers", true), EpollIoHandler.newFactory());
  private final ChannelGroup channels = new DefaultChannelGroup(group.next());
  private final URI url;
  private final Arrivals arrivals;
  private final Duration interval;
  private final CountDownLatch opened;

  /**
   * Opens nothing yet.
   *
   * @param interval between two connections
   */
  Receivers(URI url, Arrivals arrivals, Duration interval) {
    this.url = url;
    this.arrivals = arrivals;
    this.interval = interval;
    this.opened = new CountDownLatch(arrivals.plan().receivers());
  }

  /** Returns a request of a bare client; a body is JSON. */
  static FullHttpRequest request(HttpMethod method, URI url, String path, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, method, path, Unpooled.wrappedBuffer(bytes));
    request.headers().set(HttpHeaderNames.HOST, url.getRawAuthority());
    if (body.isEmpty() || path.startsWith("/v1/")) {
      request.headers().set(HttpHeaderNames.ACCEPT, "text/event-stream");
    }
    if (!body.isEmpty()) {
      request
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
          .setInt(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
    }
    return request;
  }

  /** Opens event streams, each by its request. */
  Receivers streams(IntFunction<FullHttpRequest> requests) {
    return connect((receiver) -> List.of(new EventStream(receiver, requests)));
  }

  /**
   * Opens WebSockets.
   *
   * @param greeting sent by each as its first text; empty for none
   */
  Receivers webSockets(String greeting) {
    WebSocketClientProtocolConfig config =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(url)
            .maxFramePayloadLength(MESSAGE_BYTES_MAX)
            .handshakeTimeoutMillis(OPEN_BOUND.toMillis())
            .build();
    return connect(
        receiver ->
            List.of(
                new HttpObjectAggregator(MESSAGE_BYTES_MAX),
                new WebSocketClientProtocolHandler(config),
                new Socket(receiver, greeting)));
  }

  /** Opens connections that send a new request after each answer. */
  Receivers requests(IntFunction<FullHttpRequest> requests) {
    return connect(
        receiver ->
            List.of(new HttpObjectAggregator(MESSAGE_BYTES_MAX), new Requests(receiver, requests)));
  }

  private Receivers connect(IntFunction<List<ChannelHandler>> handlers) {
    for (int each = 0; each < arrivals.plan().receivers(); each++) {
      int receiver = each;
      Bootstrap bootstrap =
          new Bootstrap()
              .group(group)
              .channel(EpollSocketChannel.class)
              .remoteAddress(url.getHost(), url.getPort())
              .option(ChannelOption.TCP_NODELAY, true)
              .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_BOUND_MS)
              .option(
                  ChannelOption.RECVBUF_ALLOCATOR,
                  new AdaptiveRecvByteBufAllocator(512, 1024, 16 * 1024))
              .handler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      channels.add(channel);
                      channel.pipeline().addLast(new HttpClientCodec());
                      handlers.apply(receiver).forEach(channel.pipeline()::addLast);
                    }
                  });
      Runnable connecting =
          () -> {
            var unusedFuture = bootstrap.connect();
          };
      var unused = group.schedule(connecting, each * interval.toNanos(), TimeUnit.NANOSECONDS);
    }
    return this;
  }

  /** Waits until all are open. */
  void awaitOpen() throws InterruptedException {
    Duration bound = OPEN_BOUND.plus(interval.multipliedBy(3L * arrivals.plan().receivers()));
    if (!opened.await(bound.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new StackFailure(
          "%d of %d connections to %s could not be opened within %d s"
              .formatted(opened.getCount(), arrivals.plan().receivers(), url, bound.toSeconds()));
    }
  }

  @Override
  public void close() {
    channels.close().awaitUninterruptibly(CLOSE_BOUND_S, TimeUnit.SECONDS);
    group.shutdownGracefully(0, CLOSE_BOUND_S, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** One connection; messages that it misses because it broke are lost. */
  @SuppressWarnings("FutureReturnValueIgnored") // A failed write breaks the connection.
  private abstract class Connection extends ChannelInboundHandlerAdapter {
    final int receiver;
    private boolean open;

    Connection(int receiver) {
      this.receiver = receiver;
    }

    final void opened() {
      if (!open) {
        open = true;
        opened.countDown();
      }
    }

    abstract void read(ChannelHandlerContext ctx, Object message);

    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        read(ctx, message);
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      arrivals.failed();
      ctx.close();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private final class EventStream extends Connection {
    private final IntFunction<FullHttpRequest> requests;
    private final Scanner scanner;
    private boolean accepted;

    EventStream(int receiver, IntFunction<FullHttpRequest> requests) {
      super(receiver);
      this.requests = requests;
      LongConsumer found = number -> arrivals.take(receiver, number);
      this.scanner =
          arrivals.plan().kind() == Plan.Kind.PACED
              ? Scanner.ofEvents(found)
              : Scanner.ofSequences(found);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      arrivals.start(receiver);
      ctx.writeAndFlush(requests.apply(receiver));
    }

    @Override
    void read(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpResponse head) {
        accepted = head.decoderResult().isSuccess() && head.status().code() == 200;
      }
      if (message instanceof HttpContent content && accepted && content.content().isReadable()) {
        scanner.read(content.content());
        opened();
      }
      if (message instanceof LastHttpContent) {
        ctx.close();
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private final class Socket extends Connection {
    private final String greeting;
    private final Scanner scanner;

    Socket(int receiver, String greeting) {
      super(receiver);
      this.greeting = greeting;
      this.scanner = Scanner.ofSequences(number -> arrivals.take(receiver, number));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
        if (!greeting.isEmpty()) {
          ctx.writeAndFlush(new TextWebSocketFrame(greeting));
        }
        opened();
      }
    }

    @Override
    void read(ChannelHandlerContext ctx, Object message) {
      if (message instanceof WebSocketFrame frame) {
        scanner.read(frame.content());
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private final class Requests extends Connection {
    private final IntFunction<FullHttpRequest> requests;

    Requests(int receiver, IntFunction<FullHttpRequest> requests) {
      super(receiver);
      this.requests = requests;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      opened();
      send(ctx);
    }

    private void send(ChannelHandlerContext ctx) {
      arrivals.start(receiver);
      ctx.writeAndFlush(requests.apply(receiver));
    }

    @Override
    void read(ChannelHandlerContext ctx, Object message) {
      if (((FullHttpResponse) message).status().code() / 100 == 2) {
        arrivals.answered(receiver);
      } else {
        arrivals.failed();
      }
      send(ctx);
    }
  }
}

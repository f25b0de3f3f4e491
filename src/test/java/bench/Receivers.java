package bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
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
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
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
  private final Plan.Kind kind;
  private final Duration interval;
  private final CountDownLatch opened;

  Receivers(URI url, Arrivals arrivals, Duration interval) {
    this.url = url;
    this.arrivals = arrivals;
    this.kind = arrivals.plan().kind();
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

  /** Opens event streams, each by its request; in a closed load each answer is followed by one. */
  Receivers requests(IntFunction<FullHttpRequest> requests) {
    IntFunction<ChannelHandler> connection =
        receiver -> new Connection(receiver, () -> List.of(requests.apply(receiver)));
    return connect(
        receiver ->
            kind == Plan.Kind.CLOSED
                ? List.of(new HttpObjectAggregator(MESSAGE_BYTES_MAX), connection.apply(receiver))
                : List.of(connection.apply(receiver)));
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
    Supplier<List<?>> first =
        () -> greeting.isEmpty() ? List.of() : List.of(new TextWebSocketFrame(greeting));
    return connect(
        receiver ->
            List.of(
                new HttpObjectAggregator(MESSAGE_BYTES_MAX),
                new WebSocketClientProtocolHandler(config),
                new Connection(receiver, first)));
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

  void awaitOpen() throws InterruptedException {
    Duration bound = OPEN_BOUND.plus(interval.multipliedBy(3L * arrivals.plan().receivers()));
    if (!opened.await(bound.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new StackFailure(
          "%s of %s connections to %s could not be opened within %s s"
              .formatted(opened.getCount(), arrivals.plan().receivers(), url, bound.toSeconds()));
    }
  }

  @Override
  public void close() {
    channels.close().awaitUninterruptibly(CLOSE_BOUND_S, TimeUnit.SECONDS);
    group.shutdownGracefully(0, CLOSE_BOUND_S, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /**
   * One connection; messages that it misses because it broke are lost. The kind of the load says
   * what it is: a WebSocket, requests in a closed loop, or one event stream.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // A failed write breaks the connection.
  private final class Connection extends SimpleChannelInboundHandler<Object> {
    private final int receiver;
    private final Supplier<List<?>> outgoing;
    private final Scanner scanner;
    private boolean open;
    private boolean accepted;

    Connection(int receiver, Supplier<List<?>> outgoing) {
      this.receiver = receiver;
      this.outgoing = outgoing;
      this.scanner =
          new Scanner(kind != Plan.Kind.PACED, number -> arrivals.take(receiver, number));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      if (kind == Plan.Kind.CLOSED) {
        opened();
      }
      if (ctx.pipeline().get(WebSocketClientProtocolHandler.class) == null) {
        send(ctx);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
        outgoing.get().forEach(ctx::writeAndFlush);
        opened();
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Object message) {
      if (message instanceof WebSocketFrame frame) {
        scanner.read(frame.content());
      } else if (message instanceof FullHttpResponse answer) {
        if (answer.status().code() / 100 == 2) {
          arrivals.answered(receiver);
        } else {
          arrivals.failed();
        }
        send(ctx);
      } else {
        readStream(ctx, message);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      arrivals.failed();
      ctx.close();
    }

    private void readStream(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpResponse head) {
        accepted = head.decoderResult().isSuccess() && head.status().code() == 200;
        if (accepted && kind == Plan.Kind.TO_ALL) {
          opened();
        }
      }
      if (message instanceof HttpContent content && accepted && content.content().isReadable()) {
        scanner.read(content.content());
        opened();
      }
      if (message instanceof LastHttpContent) {
        ctx.close();
      }
    }

    private void send(ChannelHandlerContext ctx) {
      arrivals.start(receiver);
      outgoing.get().forEach(ctx::writeAndFlush);
    }

    private void opened() {
      if (!open) {
        open = true;
        opened.countDown();
      }
    }
  }
}

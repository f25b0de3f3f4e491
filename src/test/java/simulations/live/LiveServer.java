package simulations.live;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kpi.JsonFile;
import kpi.Sample;
import report.Template;

/**
 * Serves a run that goes on: a page, its events, and Prometheus text. Has one thread of its own, so
 * that no watcher takes a turn of the users' event loops. A watcher that does not read misses
 * samples; nothing is kept for it beyond what its socket takes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends its own connection only.
public final class LiveServer {
  /** Most connections at once; one beyond them is closed. */
  static final int CONNECTIONS_MAX = 64;

  /** Samples that a watcher who joins later sees too. */
  private static final int HISTORY_MAX = 300;

  private static final int REQUEST_BYTES_MAX = 8 * 1024;
  private static final int IDLE_S = 75;
  private static final int STUCK_S = 30;
  private static final long STOP_BOUND_MS = 1_000;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("live", true), NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup watchers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final byte[] page;
  private final Channel listener;

  /** Both are touched by the loop only. */
  private final Deque<Past> history = new ArrayDeque<>();

  private LiveFigures now;

  /** What a chart shows of a sample. */
  private record Past(double t, double eventsPerS, int open, Double p99, long failed) {}

  /**
   * Listens.
   *
   * @throws IOException if the address cannot be had, with the system's reason
   */
  public LiveServer(InetSocketAddress address) throws IOException {
    page = page();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel);
                  }
                });
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    listener = bound.channel();
  }

  private void accept(SocketChannel channel) {
    if (connections.size() >= CONNECTIONS_MAX) {
      channel.close();
      return;
    }
    connections.add(channel);
    channel
        .pipeline()
        .addLast(
            new ReadTimeoutHandler(IDLE_S),
            new HttpServerCodec(),
            new HttpServerKeepAliveHandler(),
            new HttpObjectAggregator(REQUEST_BYTES_MAX),
            new Edge());
  }

  /** Returns the port, also if any free one was requested. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Shows new figures to every watcher; returns at once. */
  public void publish(LiveFigures figures) {
    loop.execute(
        () -> {
          now = figures;
          Sample sample = figures.moment().sample();
          var latency = figures.moment().latencies().get(figures.moment().latency());
          if (history.size() == HISTORY_MAX) {
            history.remove();
          }
          history.add(
              new Past(
                  sample.t(),
                  sample.eventsPerS(),
                  sample.open(),
                  latency == null ? null : latency.p99(),
                  sample.failed()));
          // One whose socket takes no more misses this sample.
          HttpContent event = new DefaultHttpContent(event("live", figures));
          watchers.writeAndFlush(event, Channel::isWritable);
        });
  }

  /** Ends the events of every watcher, within a bound, and closes every connection. */
  public void close() {
    if (loop.isShuttingDown()) {
      return;
    }
    loop.submit(
            () -> {
              listener.close();
              for (Channel watcher : watchers) {
                watcher.write(new DefaultHttpContent(event("end", "")));
                watcher
                    .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                    .addListener(ChannelFutureListener.CLOSE);
              }
            })
        .awaitUninterruptibly(STOP_BOUND_MS);
    // A watcher that does not read its end by then is cut off.
    watchers.newCloseFuture().awaitUninterruptibly(STOP_BOUND_MS);
    loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
  }

  static ByteBuf event(String name, Object data) {
    try {
      String json = JsonFile.LINE.writeValueAsString(data);
      return Unpooled.copiedBuffer("event: " + name + "\ndata: " + json + "\n\n", UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page with its style and the report's, so that it needs no other file. */
  private static byte[] page() throws IOException {
    return Template.text("live/live.html")
        .replace("/* report.css */", Template.text("report/report.css"))
        .getBytes(UTF_8);
  }

  /** One connection. */
  private final class Edge extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext connection, FullHttpRequest request)
        throws IOException {
      if (watchers.contains(connection.channel())) {
        connection.close(); // Its answer has not ended.
      } else if (request.decoderResult().isFailure()) {
        connection.writeAndFlush(text(BAD_REQUEST)).addListener(ChannelFutureListener.CLOSE);
      } else if (!request.method().equals(HttpMethod.GET)) {
        FullHttpResponse answer = text(METHOD_NOT_ALLOWED);
        answer.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET);
        connection.writeAndFlush(answer);
      } else {
        switch (new QueryStringDecoder(request.uri()).path()) {
          case "/" -> connection.writeAndFlush(full(OK, "text/html; charset=utf-8", page));
          case "/metrics" -> connection.writeAndFlush(metrics(request));
          case "/live" -> watch(connection);
          default -> connection.writeAndFlush(text(NOT_FOUND));
        }
      }
    }

    private FullHttpResponse metrics(FullHttpRequest request) throws IOException {
      ExpositionFormatWriter writer =
          formats.findWriter(request.headers().get(HttpHeaderNames.ACCEPT, ""));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      writer.write(out, now == null ? new MetricSnapshots() : LiveMetrics.of(now));
      return full(OK, writer.getContentType(), out.toByteArray());
    }

    private void watch(ChannelHandlerContext connection) {
      HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, OK);
      head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
      head.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
      HttpUtil.setTransferEncodingChunked(head, true);
      // A watcher sends nothing, and is closed if it does not read for so long.
      connection
          .pipeline()
          .replace(ReadTimeoutHandler.class, "stuck", new WriteTimeoutHandler(STUCK_S));
      connection.write(head);
      connection.write(new DefaultHttpContent(event("past", List.copyOf(history))));
      if (now != null) {
        connection.write(new DefaultHttpContent(event("live", now)));
      }
      connection.flush();
      watchers.add(connection.channel());
    }

    private static FullHttpResponse text(HttpResponseStatus status) {
      return full(status, "text/plain; charset=utf-8", (status + "\n").getBytes(UTF_8));
    }

    private static FullHttpResponse full(HttpResponseStatus status, String type, byte[] bytes) {
      FullHttpResponse answer =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(bytes));
      answer.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
      answer.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
      answer.headers().set("x-content-type-options", "nosniff");
      HttpUtil.setContentLength(answer, bytes.length);
      return answer;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext connection, Throwable cause) {
      connection.close(); // It was reset, or idle for too long.
    }
  }
}

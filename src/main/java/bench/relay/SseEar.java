package bench.relay;

import bench.SseClients;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import stack.StackFailure;

/** A stream for each conversation of a step, all on one event loop. */
final class SseEar implements Ear {
  /** Streams are opened so fast, one after the other: a burst would overflow the listen queue. */
  private static final long OPENING_US = 500;

  private static final Duration OPEN_BOUND = Duration.ofSeconds(30);
  private static final long CLOSE_BOUND_S = 5;

  private final SseClients clients = new SseClients();
  private final ChannelGroup channels = new DefaultChannelGroup(clients.loop());
  private final URI adapter;
  private final StepLoad load;
  private final Arrivals arrivals;
  private final LongSupplier nanoClock;
  private final CountDownLatch opened;

  private SseEar(URI adapter, StepLoad load, Arrivals arrivals, LongSupplier nanoClock) {
    this.adapter = adapter;
    this.load = load;
    this.arrivals = arrivals;
    this.nanoClock = nanoClock;
    this.opened = new CountDownLatch(load.streams());
  }

  static Opening of(URI adapter, LongSupplier nanoClock) {
    return (load, arrivals) -> new SseEar(adapter, load, arrivals, nanoClock).opened();
  }

  private SseEar opened() {
    EventLoop loop = clients.loop();
    for (int stream = 0; stream < load.streams(); stream++) {
      int number = stream;
      var unused = loop.schedule(() -> open(number), stream * OPENING_US, TimeUnit.MICROSECONDS);
    }
    Duration bound =
        OPEN_BOUND.plusNanos(TimeUnit.MICROSECONDS.toNanos(OPENING_US) * load.streams());
    try {
      if (opened.await(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        return this;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
    throw new StackFailure(
        opened.getCount()
            + " of "
            + load.streams()
            + " streams could not be opened at "
            + adapter
            + " within "
            + bound.toSeconds()
            + " s");
  }

  private void open(int stream) {
    Bootstrap bootstrap = clients.bootstrap(adapter, channels, () -> new Reader(stream));
    var unused = bootstrap.connect();
  }

  @Override
  public void close() {
    channels.close().awaitUninterruptibly(CLOSE_BOUND_S, TimeUnit.SECONDS);
    clients.close();
  }

  /** One stream: open when its first bytes come, for these say that its conversation is heard. */
  @SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends the channel: seen.
  private final class Reader extends ChannelInboundHandlerAdapter {
    private final TokenEvents events = new TokenEvents();
    private final int stream;
    private long nowNs;
    private boolean accepted;
    private boolean open;

    Reader(int stream) {
      this.stream = stream;
    }

    private void take(long id) {
      arrivals.take(stream, id, nowNs);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      FullHttpRequest request =
          new DefaultFullHttpRequest(
              HttpVersion.HTTP_1_1,
              HttpMethod.GET,
              "/stream/" + load.id(stream),
              Unpooled.EMPTY_BUFFER);
      request
          .headers()
          .set(HttpHeaderNames.HOST, adapter.getRawAuthority())
          .set(HttpHeaderNames.ACCEPT, HttpHeaderValues.TEXT_EVENT_STREAM);
      ctx.writeAndFlush(request);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (message instanceof HttpResponse head) {
          accepted = head.decoderResult().isSuccess() && head.status().code() == 200;
        }
        if (message instanceof HttpContent content && accepted) {
          read(content);
        }
        if (message instanceof LastHttpContent) {
          ctx.close();
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    private void read(HttpContent content) {
      if (!open && content.content().isReadable()) {
        open = true;
        opened.countDown();
      }
      nowNs = nanoClock.getAsLong();
      events.in(content.content(), this::take);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close(); // The connection broke; what it does not bring is counted as lost.
    }
  }
}

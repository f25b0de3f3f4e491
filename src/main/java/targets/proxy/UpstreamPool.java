package targets.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import targets.shared.Service;

/**
 * The upstream connections of one event loop: it makes them and keeps idle ones for a while, the
 * youngest used first. Used by that loop only.
 */
// A failed write or close ends the channel, and that is seen.
@SuppressWarnings("FutureReturnValueIgnored")
final class UpstreamPool {
  /** Shorter than the idle time-out of common servers (nginx 75 s, Tomcat 20 s). */
  private static final long MAX_IDLE_NS = TimeUnit.SECONDS.toNanos(15);

  private static final int IDLE_MAX = 1_024;
  private static final long SWEEP_S = 1;

  /** Small, as ten thousand of them may be reading: an event is a few hundred bytes. */
  private static final AdaptiveRecvByteBufAllocator READ_SIZES =
      new AdaptiveRecvByteBufAllocator(512, 1024, 16 * 1024);

  private final EventLoop loop;
  private final ProxyServer proxy;
  private final ArrayDeque<UpstreamSide> idle = new ArrayDeque<>();
  private int turn;

  UpstreamPool(EventLoop loop, ProxyServer proxy) {
    this.loop = loop;
    this.proxy = proxy;
    loop.scheduleAtFixedRate(this::sweep, SWEEP_S, SWEEP_S, TimeUnit.SECONDS);
  }

  /** Connects to the upstream of a place; of several, neighbours have different ones. */
  private ChannelFuture connect(int place, ChannelHandler... handlers) {
    ProxySettings settings = proxy.settings;
    return new Bootstrap()
        .group(loop)
        .channel(Service.clientChannel())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.connectTimeout().toMillis())
        .option(ChannelOption.RECVBUF_ALLOCATOR, READ_SIZES)
        .option(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(settings.bufferLow(), settings.bufferHigh()))
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(handlers);
              }
            })
        .connect(settings.upstream().at(place));
  }

  /** An idle connection, or null. */
  UpstreamSide take() {
    UpstreamSide side = idle.pollLast();
    if (side != null) {
      proxy.metrics.pooled.decrement();
    }
    return side;
  }

  /** Connects anew, to each upstream in turn; the exchange gets the outcome. */
  void connect(Exchange exchange) {
    connect(exchange, turn++, proxy.settings.upstream().all().size() - 1);
  }

  private void connect(Exchange exchange, int place, int others) {
    UpstreamSide side = new UpstreamSide(this, proxy.metrics);
    connect(place, new HttpRequestEncoder(), side)
        .addListener(
            done -> {
              if (done.isSuccess()) {
                proxy.metrics.connects.increment();
                exchange.connected(side);
              } else if (others > 0) {
                connect(exchange, place + 1, others - 1);
              } else {
                exchange.connectFailed(done.cause());
              }
            });
  }

  /** Keeps a connection that may carry another request, or closes it if there are enough. */
  void giveBack(UpstreamSide side) {
    if (idle.size() >= IDLE_MAX) {
      side.close();
      return;
    }
    side.idleSinceNs = proxy.clocks.nowNs();
    idle.addLast(side);
    proxy.metrics.pooled.increment();
  }

  /** Forgets an idle connection that the upstream closed. */
  void forget(UpstreamSide side) {
    if (idle.remove(side)) {
      proxy.metrics.pooled.decrement();
    }
  }

  private void sweep() {
    long now = proxy.clocks.nowNs();
    while (!idle.isEmpty() && now - idle.peekFirst().idleSinceNs >= MAX_IDLE_NS) {
      proxy.metrics.pooled.decrement();
      idle.pollFirst().close();
    }
  }
}

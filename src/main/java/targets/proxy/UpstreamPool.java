package targets.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import targets.shared.EventLoops;

/**
 * The upstream connections of one event loop: it makes them and keeps idle ones for a while, the
 * youngest used first. Used by that loop only.
 */
// A failed write or close ends the channel, and that is seen.
@SuppressWarnings("FutureReturnValueIgnored")
final class UpstreamPool {
  /** Shorter than the idle time-out of common servers (nginx 75 s, Tomcat 20 s). */
  private static final long MAX_IDLE_NS = TimeUnit.SECONDS.toNanos(15);

  /** Small, as ten thousand of them may be reading: an event is a few hundred bytes. */
  private static final AdaptiveRecvByteBufAllocator READ_SIZES =
      new AdaptiveRecvByteBufAllocator(512, 1024, 16 * 1024);

  private final Bootstrap bootstrap;
  private final EventLoop loop;
  private final ProxyMetrics metrics;
  private final int maxIdle;
  private final LongSupplier nanoClock;
  private final ArrayDeque<UpstreamSide> idle = new ArrayDeque<>();
  private boolean sweeping;

  UpstreamPool(
      EventLoop loop, ProxySettings settings, ProxyMetrics metrics, LongSupplier nanoClock) {
    this.loop = loop;
    this.metrics = metrics;
    this.maxIdle = settings.maxIdle();
    this.nanoClock = nanoClock;
    bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(EventLoops.clientChannel())
            .remoteAddress(settings.upstream().getHost(), settings.upstreamPort())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) Math.max(1, settings.connectTimeout().toMillis()))
            .option(ChannelOption.RECVBUF_ALLOCATOR, READ_SIZES)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(settings.bufferLow(), settings.bufferHigh()));
  }

  /** An idle connection, or null. */
  UpstreamSide take() {
    UpstreamSide side = idle.pollLast();
    if (side != null) {
      metrics.pooled.decrement();
    }
    return side;
  }

  /** Connects anew; the exchange gets the outcome. */
  void connect(Exchange exchange) {
    UpstreamSide side = new UpstreamSide(this, metrics);
    ChannelFuture connecting =
        bootstrap
            .clone()
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new HttpRequestEncoder(), side);
                  }
                })
            .connect();
    connecting.addListener(
        done -> {
          if (done.isSuccess()) {
            metrics.connects.increment();
            exchange.connected(side);
          } else {
            exchange.connectFailed(done.cause());
          }
        });
  }

  /** Keeps a connection that may carry another request, or closes it if there are enough. */
  void giveBack(UpstreamSide side) {
    if (idle.size() >= maxIdle) {
      side.close();
      return;
    }
    side.idleSince(nanoClock.getAsLong());
    idle.addLast(side);
    metrics.pooled.increment();
    if (!sweeping) {
      sweepIn(MAX_IDLE_NS);
    }
  }

  /** Forgets an idle connection that the upstream closed. */
  void forget(UpstreamSide side) {
    if (idle.remove(side)) {
      metrics.pooled.decrement();
    }
  }

  private void sweepIn(long ns) {
    sweeping = true;
    var unused = loop.schedule(this::sweep, ns, TimeUnit.NANOSECONDS);
  }

  private void sweep() {
    sweeping = false;
    long now = nanoClock.getAsLong();
    while (!idle.isEmpty()) {
      long leftNs = MAX_IDLE_NS - (now - idle.peekFirst().idleSince());
      if (leftNs > 0) {
        sweepIn(leftNs);
        return;
      }
      metrics.pooled.decrement();
      idle.pollFirst().close();
    }
  }
}

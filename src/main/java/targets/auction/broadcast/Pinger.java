package targets.auction.broadcast;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import targets.auction.broadcast.BroadcastMetrics.End;

/** Pings all viewers of each event loop from one task, and drops those that are not heard of. */
@SuppressWarnings("FutureReturnValueIgnored") // A ping cannot fail in a way that matters.
final class Pinger {
  private static final int GOING_AWAY = 1001;

  private final Map<EventLoop, Map<ViewerHandler, ChannelHandlerContext>> viewers =
      new ConcurrentHashMap<>();
  private final LongSupplier nanoClock;
  private final long pingNs;
  private final long silenceNs;

  Pinger(Duration ping, Duration silence, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.pingNs = ping.toNanos();
    this.silenceNs = silence.toNanos();
  }

  long nowNs() {
    return nanoClock.getAsLong();
  }

  /** On the viewer's event loop. */
  void add(ChannelHandlerContext ctx, ViewerHandler viewer) {
    of(ctx.channel().eventLoop()).put(viewer, ctx);
  }

  /** On the viewer's event loop. */
  void remove(ChannelHandlerContext ctx, ViewerHandler viewer) {
    of(ctx.channel().eventLoop()).remove(viewer);
  }

  /** Says farewell to everybody; on their event loops, soon. */
  void stop() {
    viewers.forEach(
        (loop, of) ->
            loop.execute(
                () ->
                    new ArrayList<>(of.keySet())
                        .forEach(
                            viewer ->
                                viewer
                                    .viewer()
                                    .drop(End.STOPPED, GOING_AWAY, "the service stops"))));
  }

  private Map<ViewerHandler, ChannelHandlerContext> of(EventLoop loop) {
    return viewers.computeIfAbsent(
        loop,
        unused -> {
          loop.scheduleWithFixedDelay(() -> ping(loop), pingNs, pingNs, TimeUnit.NANOSECONDS);
          return new LinkedHashMap<>();
        });
  }

  private void ping(EventLoop loop) {
    long nowNs = nowNs();
    new ArrayList<>(of(loop).entrySet())
        .forEach(
            entry -> {
              if (nowNs - entry.getKey().heardNs() > silenceNs) {
                entry.getKey().viewer().drop(End.SILENT, GOING_AWAY, "no answer to pings");
              } else if (entry.getValue().channel().isWritable()) {
                entry.getValue().writeAndFlush(new PingWebSocketFrame());
              }
            });
  }
}

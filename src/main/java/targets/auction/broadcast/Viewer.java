package targets.auction.broadcast;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import java.util.concurrent.TimeUnit;
import targets.auction.broadcast.BroadcastMetrics.End;

/** Somebody who watches an item. Everything but {@link #loop} happens on its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A write cannot fail in a way that matters.
final class Viewer {
  /** A close frame that does not get through in time is done without. */
  private static final long CLOSE_BOUND_MS = 2000;

  private final Channel channel;
  private final BroadcastMetrics metrics;
  private Audience audience;
  private boolean over;

  Viewer(Channel channel, BroadcastMetrics metrics) {
    this.channel = channel;
    this.metrics = metrics;
    metrics.came.increment();
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  boolean isOver() {
    return over;
  }

  void sits(Audience taken) {
    audience = taken;
  }

  /**
   * Writes a shared frame, which it retains; nothing is flushed.
   *
   * @return false if too much waits already; then nothing is written
   */
  boolean write(ByteBuf frame) {
    if (!channel.isWritable()) {
      return false;
    }
    channel.write(frame.retainedDuplicate(), channel.voidPromise());
    return true;
  }

  void flush() {
    channel.flush();
  }

  /** Tells why, and closes. */
  void drop(End end, int status, String reason) {
    if (!over) {
      end(end);
      channel
          .writeAndFlush(new CloseWebSocketFrame(status, reason))
          .addListener(ChannelFutureListener.CLOSE);
      channel.eventLoop().schedule(() -> channel.close(), CLOSE_BOUND_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** The connection is gone, or going. */
  void end(End end) {
    if (!over) {
      over = true;
      metrics.ended(end);
      if (audience != null) {
        audience.leave(this);
      }
    }
  }
}

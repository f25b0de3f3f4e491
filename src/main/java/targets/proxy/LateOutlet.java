package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The defect {@value ProxyDefects#LATE}: every piece leaves late by the same time. What waits is
 * bounded: from {@code maxHeld} bytes on the connection counts as not writable.
 */
// A failed write or close ends the channel, and that is seen.
@SuppressWarnings("FutureReturnValueIgnored")
final class LateOutlet implements Outlet {
  private static final int WRITABILITY_INDEX = 1;

  private final ChannelHandlerContext wire;
  private final long delayNs;
  private final int maxHeld;
  private int held;

  LateOutlet(ChannelHandlerContext wire, Duration delay, int maxHeld) {
    this.wire = wire;
    this.delayNs = delay.toNanos();
    this.maxHeld = maxHeld;
  }

  @Override
  public void write(ByteBuf bytes) {
    int length = bytes.readableBytes();
    hold(length);
    later(
        () -> {
          hold(-length);
          wire.writeAndFlush(bytes, wire.voidPromise());
        });
  }

  @Override
  public void flush() {
    // Each piece is flushed when it is due.
  }

  @Override
  public void finish(ChannelPromise sent) {
    later(() -> wire.writeAndFlush(Unpooled.EMPTY_BUFFER, sent));
  }

  /** Tasks of one event loop that are due in the same order run in that order. */
  private void later(Runnable task) {
    var unused = wire.executor().schedule(task, delayNs, TimeUnit.NANOSECONDS);
  }

  private void hold(int bytes) {
    held += bytes;
    ChannelOutboundBuffer buffer = wire.channel().unsafe().outboundBuffer();
    if (buffer != null) {
      buffer.setUserDefinedWritability(WRITABILITY_INDEX, held < maxHeld);
    }
  }
}

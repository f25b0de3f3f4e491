package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The defect {@value ProxyDefects#COALESCE}: bytes leave only at whole multiples of 50 ms. What
 * waits counts towards the connection's buffer bound.
 */
// A failed write or close ends the channel, and that is seen.
@SuppressWarnings("FutureReturnValueIgnored")
final class GridOutlet implements Outlet {
  private static final long GRID_NS = 50_000_000;

  private final ChannelHandlerContext wire;
  private final LongSupplier nanoClock;
  private boolean scheduled;

  GridOutlet(ChannelHandlerContext wire, LongSupplier nanoClock) {
    this.wire = wire;
    this.nanoClock = nanoClock;
  }

  @Override
  public void write(ByteBuf bytes) {
    wire.write(bytes, wire.voidPromise());
  }

  @Override
  public void flush() {
    if (scheduled) {
      return;
    }
    scheduled = true;
    long left = GRID_NS - Math.floorMod(nanoClock.getAsLong(), GRID_NS);
    var unused = wire.executor().schedule(this::tick, left, TimeUnit.NANOSECONDS);
  }

  @Override
  public void finish(ChannelPromise sent) {
    wire.writeAndFlush(Unpooled.EMPTY_BUFFER, sent);
  }

  private void tick() {
    scheduled = false;
    wire.flush();
  }
}

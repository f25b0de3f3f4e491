package targets.proxy;

import io.netty.buffer.ByteBuf;
import java.util.function.LongSupplier;

/**
 * The defect {@value ProxyDefects#COUNT_ON_FLUSH}: as in the original, one event for each flush
 * that comes more than 50 ms after the flush before, whatever it carried.
 */
final class FlushTally implements EventTally {
  private static final long WINDOW_NS = 50_000_000;

  private final LongSupplier nanoClock;
  private long lastFlush;
  private long events;

  FlushTally(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    lastFlush = nanoClock.getAsLong();
  }

  @Override
  public void data(ByteBuf in, int from, int length) {}

  @Override
  public void flushed() {
    long now = nanoClock.getAsLong();
    if (now - lastFlush > WINDOW_NS) {
      events++;
      lastFlush = now;
    }
  }

  @Override
  public long events() {
    return events;
  }
}

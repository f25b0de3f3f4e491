package targets.defects;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The trouble {@code leak}: retains heap at a steady rate, in pieces of at most {@value #PIECE}
 * bytes. It goes on until the heap is full. Thread-safe.
 */
final class MemoryLeak implements AutoCloseable {
  /** How often it grows. */
  static final long PERIOD_NS = 100_000_000;

  static final int PIECE = 64 * 1024;

  private static final long S_NS = 1_000_000_000;

  private final long bytesPerS;
  private final LongSupplier nanoClock;
  private final long startNs;
  private final List<byte[]> pieces = new ArrayList<>();
  private long retained;
  private boolean closed;

  /**
   * @param bytesPerS from now on
   * @param nanoClock monotonic time in nanoseconds
   */
  MemoryLeak(long bytesPerS, LongSupplier nanoClock) {
    this.bytesPerS = bytesPerS;
    this.nanoClock = nanoClock;
    startNs = nanoClock.getAsLong();
  }

  /** Retains what is due; returns after how many nanoseconds to do so again. */
  synchronized long grow() {
    long elapsedNs = nanoClock.getAsLong() - startNs;
    long due = elapsedNs / S_NS * bytesPerS + elapsedNs % S_NS * bytesPerS / S_NS;
    while (!closed && retained < due) {
      byte[] piece = new byte[(int) Math.min(PIECE, due - retained)];
      // Pages that were never written would not be resident.
      Arrays.fill(piece, (byte) 1);
      pieces.add(piece);
      retained += piece.length;
    }
    return PERIOD_NS;
  }

  /** The bytes retained. */
  synchronized long retainedBytes() {
    return retained;
  }

  @Override
  public synchronized void close() {
    closed = true;
    pieces.clear();
    retained = 0;
  }
}

package simulations.events;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import testing.RawClient;

/**
 * A client of an endless stream at full speed that reads less than the server could send, or that
 * freezes: it reads nothing, and after a while as much as is there, to see whether the server has
 * closed it. A socket of its own, for Gatling cannot stop reading.
 *
 * @param reading what it does once the response has begun
 */
record SlowClient(
    String name,
    URI base,
    String target,
    LongSupplier nanoClock,
    BiFunction<SlowClient, InputStream, End> reading) {
  private static final int RECEIVE_BUFFER = 4096;
  private static final int BOUND_MS = 5_000;
  private static final int SLICES_PER_S = 20;
  private static final long SLICE_NS = 1_000_000_000 / SLICES_PER_S;
  private static final int KB = 1_000;

  /** How long a client that was frozen reads: by then it has seen the end of what was sent. */
  private static final long DRAIN_NS = 3_000_000_000L;

  private static final String OK = "HTTP/1.1 200";

  /** How it ended: whether that was right, and a sentence about the client. */
  record End(boolean isRight, String sentence) {}

  /** Requests the stream and reads it; returns how it ended. */
  End read() {
    try (RawClient client = new RawClient(base, RECEIVE_BUFFER, BOUND_MS)) {
      String status = client.stream("1.1", target).read(OK.length());
      return status.equals(OK) ? reading.apply(this, client.in()) : wrong("was refused: " + status);
    } catch (IOException e) {
      return wrong("got no stream: " + e.getMessage());
    }
  }

  /** Reads nothing for a time, in which the server must close the client. */
  End frozen(InputStream in, Duration freeze) {
    long untilNs = nanoClock.getAsLong() + freeze.toNanos();
    while (nanoClock.getAsLong() < untilNs && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(untilNs - nanoClock.getAsLong());
    }
    byte[] bytes = new byte[1 << 16];
    long beganNs = nanoClock.getAsLong();
    try {
      while (nanoClock.getAsLong() - beganNs < DRAIN_NS) {
        if (in.read(bytes) < 0) {
          return new End(true, name + " was closed");
        }
      }
    } catch (SocketTimeoutException e) {
      return wrong("was still open and silent after " + freeze.toMillis() + " ms");
    } catch (IOException e) {
      return new End(true, name + " was closed"); // By a reset.
    }
    return wrong("was still served after it had read nothing for " + freeze.toMillis() + " ms");
  }

  /** Reads at a low rate while it {@code stays}; the client must not be closed. */
  End slowly(InputStream in, int kbPerS, BooleanSupplier stays) {
    byte[] slice = new byte[Math.max(1, kbPerS * KB / SLICES_PER_S)];
    long nextNs = nanoClock.getAsLong();
    try {
      while (stays.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
        if (in.readNBytes(slice, 0, slice.length) < slice.length) {
          return wrong("was closed though it read " + kbPerS + " KB a second");
        }
        nextNs += SLICE_NS;
        LockSupport.parkNanos(nextNs - nanoClock.getAsLong());
      }
    } catch (IOException e) {
      return wrong("was cut off though it read " + kbPerS + " KB a second: " + e.getMessage());
    }
    return new End(true, name + " was served");
  }

  private End wrong(String what) {
    return new End(false, name + " " + what);
  }
}

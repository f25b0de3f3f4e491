package targets.defects;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Descriptors, threads or heap that is taken and forgotten, up to a limit. Where the system gives
 * no more, the last {@value #GIVEN_BACK} are given back, so that the process can still report its
 * figures. Thread-safe.
 */
final class Leak implements AutoCloseable {
  static final int GIVEN_BACK = 16;
  static final String THREAD_NAME = "leaked";

  private static final Logger LOG = LoggerFactory.getLogger(Leak.class);
  private static final int STACK_BYTES = 64 * 1024;
  private static final long END_BOUND_MS = 1_000;

  private final String name;
  private final int max;
  private final Source source;
  private final Deque<Closeable> taken = new ArrayDeque<>();
  private boolean over;

  interface Source {
    Closeable take() throws IOException;
  }

  Leak(String name, int max, Source source) {
    this.name = name;
    this.max = max;
    this.source = source;
  }

  synchronized void leak() {
    if (over) {
      return;
    }
    try {
      taken.push(source.take());
      over = taken.size() == max;
    } catch (IOException | OutOfMemoryError e) {
      // The JVM throws the error also when the system gives it no more threads.
      giveBack(GIVEN_BACK);
    }
    if (over) {
      LOG.warn("{} ends at {}", name, taken.size());
    }
  }

  String name() {
    return name;
  }

  synchronized int count() {
    return taken.size();
  }

  /** Gives everything back, and takes no more. */
  @Override
  public void close() {
    giveBack(Integer.MAX_VALUE);
  }

  private synchronized void giveBack(int most) {
    over = true;
    for (int number = 0; number < most && !taken.isEmpty(); number++) {
      try {
        taken.pop().close();
      } catch (IOException e) {
        throw new UncheckedIOException("a socket that was never used cannot be closed", e);
      }
    }
  }

  /** Starts a daemon thread that waits until it is given back. */
  static Closeable thread() {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread thread = new Thread(null, end::join, THREAD_NAME, STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    return () -> {
      end.complete(null);
      try {
        thread.join(END_BOUND_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** Takes heap until it is given back. */
  static Closeable memory(int bytes) {
    byte[] piece = new byte[bytes];
    Arrays.fill(piece, (byte) 1); // Pages that were never written would not be resident.
    return () -> piece[0] = 0;
  }
}

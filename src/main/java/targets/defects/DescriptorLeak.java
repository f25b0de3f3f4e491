package targets.defects;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trouble {@code fd-leak}: sockets that are opened and forgotten. When no more can be had it
 * leaks no more, and gives the last {@value #GIVEN_BACK} back, so that the process can still report
 * its figures. Thread-safe.
 */
final class DescriptorLeak implements AutoCloseable {
  static final int GIVEN_BACK = 16;

  private static final Logger LOG = LoggerFactory.getLogger(DescriptorLeak.class);

  /** Opens what is leaked. */
  interface Opener {
    Closeable open() throws IOException;
  }

  private final Opener opener;
  private final Deque<Closeable> open = new ArrayDeque<>();
  private boolean over;

  DescriptorLeak() {
    this(SocketChannel::open);
  }

  DescriptorLeak(Opener opener) {
    this.opener = opener;
  }

  /** Loses one descriptor. */
  synchronized void leak() {
    if (over) {
      return;
    }
    try {
      open.push(opener.open());
    } catch (IOException e) {
      over = true;
      LOG.warn("fd-leak ends at {} descriptors: {}", open.size(), e.getMessage());
      giveBack(GIVEN_BACK);
    }
  }

  /** How many are lost now. */
  synchronized int count() {
    return open.size();
  }

  @Override
  public synchronized void close() {
    over = true;
    giveBack(open.size());
  }

  private void giveBack(int most) {
    for (int number = 0; number < most && !open.isEmpty(); number++) {
      try {
        open.pop().close();
      } catch (IOException e) {
        throw new UncheckedIOException("a socket that was never used cannot be closed", e);
      }
    }
  }
}

package bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * The books of one load. Written by the receiver's event loop only; {@link #events} and the two
 * waits may be used from elsewhere, {@link #asReceived} after the loop is done.
 */
final class Reception {
  private static final long HIGHEST_NS = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 3;
  private static final double NS_PER_US = 1e3;

  private final StreamLoad load;
  private final Histogram ttft = new Histogram(1, HIGHEST_NS, DIGITS);
  private final Histogram lateness = new Histogram(1, HIGHEST_NS, DIGITS);
  private final AtomicLong events = new AtomicLong();
  private final CountDownLatch opened;
  private final CountDownLatch ended;
  private int whole;

  Reception(StreamLoad load) {
    this.load = load;
    this.opened = new CountDownLatch(load.streams());
    this.ended = new CountDownLatch(load.streams());
  }

  StreamLoad load() {
    return load;
  }

  /** The first event of a stream came. */
  void first(long sinceSentNs) {
    ttft.recordValue(Math.min(HIGHEST_NS, Math.max(1, sinceSentNs)));
    opened.countDown();
  }

  /**
   * Events of one read came.
   *
   * @param first the number of the first of them in its stream, from 0
   * @param count how many
   * @param sinceSentNs from the stream's request to this read
   */
  void events(int first, int count, long sinceSentNs) {
    events.lazySet(events.get() + count);
    int tokens = Math.min(first + count, load.tokens());
    for (int token = first; token < tokens; token++) {
      lateness.recordValue(Math.min(HIGHEST_NS, Math.max(1, sinceSentNs - load.dueNs(token))));
    }
  }

  /** A stream is over; called once for each. */
  void over(int received, boolean properly) {
    if (received == 0) {
      opened.countDown();
    }
    if (properly && received == load.eventsPerStream()) {
      whole++;
    }
    ended.countDown();
  }

  long events() {
    return events.get();
  }

  boolean awaitOpened(long ns) throws InterruptedException {
    return opened.await(ns, TimeUnit.NANOSECONDS);
  }

  boolean awaitEnded(long ns) throws InterruptedException {
    return ended.await(ns, TimeUnit.NANOSECONDS);
  }

  Received asReceived(long plateauEvents, double plateauS) {
    return new Received(
        load.events(),
        events.get(),
        whole,
        spread(ttft),
        spread(lateness),
        plateauEvents,
        plateauS);
  }

  private static Received.Spread spread(Histogram values) {
    return new Received.Spread(
        values.getValueAtPercentile(50) / NS_PER_US, values.getValueAtPercentile(99) / NS_PER_US);
  }
}

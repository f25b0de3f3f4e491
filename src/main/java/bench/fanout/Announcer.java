package bench.fanout;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import stack.StackFailure;

/** Says the messages of a lane, each at its time. Used by one thread. */
final class Announcer {
  private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long NS_PER_S = TimeUnit.SECONDS.toNanos(1);

  private final Venue.Mouth mouth;
  private final LongSupplier nanoClock;
  private final InstantSource wall;
  private long next = 1;

  Announcer(Venue.Mouth mouth, LongSupplier nanoClock, InstantSource wall) {
    this.mouth = mouth;
    this.nanoClock = nanoClock;
    this.wall = wall;
  }

  /**
   * Says so many messages on a plan that waits for nobody.
   *
   * @param rate messages a second
   * @param arrivals is told when each is due, before the first is said
   * @throws StackFailure if a message cannot be handed over
   */
  void say(long messages, int rate, Arrivals arrivals) throws InterruptedException {
    long startNs = nanoClock.getAsLong() + LEAD_NS;
    long[] dueNs = new long[(int) messages];
    for (int each = 0; each < messages; each++) {
      dueNs[each] = startNs + each * NS_PER_S / rate;
    }
    arrivals.begin(next, dueNs);
    try {
      for (long due : dueNs) {
        await(due);
        mouth.say(Announcement.of(next, wall.instant()));
        next++;
      }
    } catch (IOException e) {
      throw new StackFailure("a message cannot be handed over: " + e.getMessage(), e);
    }
  }

  private void await(long dueNs) throws InterruptedException {
    for (long leftNs = dueNs - nanoClock.getAsLong();
        leftNs > 0;
        leftNs = dueNs - nanoClock.getAsLong()) {
      LockSupport.parkNanos(leftNs);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}

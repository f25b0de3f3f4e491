package targets.llm;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The places for answers under way, and the book of how each one ended. Thread-safe. */
final class Admission {
  private final int maxStreams;
  private final Semaphore places;
  private final LlmMetrics metrics;
  private final AtomicLong numbers = new AtomicLong();

  Admission(int maxStreams, LlmMetrics metrics) {
    this.maxStreams = maxStreams;
    this.places = new Semaphore(maxStreams);
    this.metrics = metrics;
  }

  /** A place, if one is free. */
  Optional<Place> enter() {
    if (!places.tryAcquire()) {
      return Optional.empty();
    }
    metrics.began();
    return Optional.of(new Place(numbers.getAndIncrement()));
  }

  /**
   * Waits until every place is free. Nobody may enter afterwards.
   *
   * @return whether that was so within the time given
   */
  boolean awaitEmpty(long ns) {
    try {
      boolean empty = places.tryAcquire(maxStreams, ns, TimeUnit.NANOSECONDS);
      if (empty) {
        places.release(maxStreams);
      }
      return empty;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** One answer's place; given back once, whatever happens to the answer. Used by one thread. */
  final class Place {
    private final long number;
    private boolean left;

    private Place(long number) {
      this.number = number;
    }

    /** The answer's number, from 0 in the order of admission. */
    long number() {
      return number;
    }

    /** The answer was handed whole to the socket. */
    void complete(long events) {
      if (!left) {
        metrics.completed(events);
        leave();
      }
    }

    /** The answer ended otherwise. */
    void abort() {
      if (!left) {
        metrics.aborted();
        leave();
      }
    }

    private void leave() {
      left = true;
      places.release();
    }
  }
}

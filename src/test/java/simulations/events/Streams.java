package simulations.events;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import simulations.run.Faults;
import simulations.run.Recording;
import simulations.run.Slos;

/** The streams of one kind of clients, in one stage of a run. Thread-safe. */
final class Streams {
  /** A generator closes 10,000 streams in 4 s without being late. */
  private static final Duration LEAVE_INTERVAL = Duration.ofNanos(400_000);

  final String name;
  final String target;
  final Plan plan;
  final Recording recording;
  final Feed feed;

  /** Why streams failed, unless the server was stopped. */
  final Faults faults = new Faults();

  EventsJourneys.Recovery recovery = new EventsJourneys.Recovery() {};

  /** Returns a moment, or the nearest one at which all clients are there. */
  LongUnaryOperator steady = LongUnaryOperator.identity();

  /** Whether a client of an endless stream stays, by the time in monotonic nanoseconds. */
  final LongPredicate stays;

  /** Whether the server has accepted an event; what it has not, no client can have lost. */
  volatile LongPredicate published = number -> true;

  /** The number of streams whose response has begun. */
  final AtomicInteger connected = new AtomicInteger();

  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger leaving = new AtomicInteger();
  private final LongAdder gapsNs = new LongAdder();
  private final LongAdder overdueNs = new LongAdder();

  /** What a stream brings. */
  enum Feed {
    /** Events of its own, as many as it has. */
    OWN,
    /** Events of its own, until the server stops. */
    STOPPING,
    /** Events that the run publishes, with its own numbers and their due times in their data. */
    BROADCAST
  }

  /** Streams with events of their own. */
  Streams(String name, String target, Plan plan, Recording recording, LongPredicate stays) {
    this(name, target, plan, recording, stays, Feed.OWN);
  }

  /** Streams whose requests have a name, at a path with its query. */
  Streams(
      String name, String target, Plan plan, Recording recording, LongPredicate stays, Feed feed) {
    this.feed = feed;
    this.name = name;
    this.target = target;
    this.plan = plan;
    this.recording = recording;
    this.stays = stays;
  }

  /**
   * The plan of each stream.
   *
   * @param count events after which a client leaves; 0 if it stays for the whole stage
   * @param isTimed whether first events and gaps are recorded
   * @param onTimeNs longest gap of events that are not overdue; in a stream that is not timed, its
   *     delay between events
   * @param isNumbered whether events are known to be numbered from 1
   * @param resumedPct share of streams that are left in the middle and resumed
   * @param bound after which a stream has failed
   */
  record Plan(
      int count,
      boolean isTimed,
      long onTimeNs,
      boolean isNumbered,
      int resumedPct,
      Duration bound,
      Slos slos) {
    static Plan endless(boolean isNumbered, Duration bound, Slos slos) {
      return new Plan(0, false, 0, isNumbered, 0, bound, slos);
    }

    /** Returns the plan of streams that clients leave after so many events. */
    Plan of(int events) {
      return new Plan(events, isTimed, onTimeNs, isNumbered, resumedPct, bound, slos);
    }

    /** Returns the plan of streams of which events are timed, and overdue after such a gap. */
    Plan timed(Duration onTime) {
      return new Plan(count, true, onTime.toNanos(), isNumbered, resumedPct, bound, slos);
    }

    /** Returns the plan of streams that are not timed, with such a time between two events. */
    Plan delayed(Duration delay) {
      return new Plan(count, false, delay.toNanos(), isNumbered, resumedPct, bound, slos);
    }

    /** Returns the plan of streams of which a share is resumed, if the server is known to. */
    Plan resumed(int pct) {
      int share = isNumbered ? pct : 0;
      return new Plan(count, isTimed, onTimeNs, isNumbered, share, bound, slos);
    }
  }

  /** Returns the number of events after which the next stream is left, to be resumed; or 0. */
  int leaveNext() {
    long number = begun.incrementAndGet();
    boolean leaves = number * plan.resumedPct / 100 > (number - 1) * plan.resumedPct / 100;
    return leaves && plan.count > 1 ? plan.count / 2 : 0;
  }

  /**
   * Returns how long the next client stays after its last event. What is published ends the streams
   * of all clients at once: the generator would stand still while it ends and closes thousands.
   */
  Duration lingers() {
    return feed == Feed.BROADCAST
        ? LEAVE_INTERVAL.multipliedBy(leaving.getAndIncrement())
        : Duration.ZERO;
  }

  /** Counts a wait for an event, which may still go on. */
  void waited(long ns) {
    gapsNs.add(ns);
    overdueNs.add(Math.max(0, ns - plan.onTimeNs));
  }

  /** Returns the share of the clients' time in which no event was overdue; NaN without any gap. */
  double onTime() {
    return 1 - (double) overdueNs.sum() / gapsNs.sum();
  }
}

package simulations.events;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import kpi.Distribution;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Tally;
import kpi.Within;
import simulations.run.Pace;
import simulations.run.Recording;
import simulations.run.SseDecoder;

/**
 * Sees every event of one stream, on the event loop of its user: stamps it in nanoseconds, checks
 * that each number comes once and in its order, and decides at the end how the stream went. A
 * stream that is resumed is one stream.
 *
 * <p>Not thread-safe: a user lives on one event loop.
 */
final class EventsRecorder implements SseDecoder.Sink {
  /** Largest number of missing events that are recognised if they come later. */
  private static final int MISSING_MAX = 1_000;

  /** The name of an event without a name, which some servers write. */
  private static final String MESSAGE = "message";

  /** Name of the last event of a server that stops. */
  private static final String STOPPING = "shutdown";

  private static final byte[] DATA = "event-".getBytes(US_ASCII);

  private final Streams streams;
  private final Streams.Plan plan;
  private final Recording recording;
  private final Distribution gaps;
  private final Tally tally;
  private final Set<Long> missing = new TreeSet<>();
  private final Pace pace;
  private final long intendedNs;
  private final long sentNs;
  private final int leaveAt;
  private long connectNs;
  private long firstNs;
  private long lastNs;
  private long resumedNs;
  private long enoughNs;
  private long maxGapNs;
  private long maxLagNs;
  private long events;
  private long timed;
  private long next = 1;
  private long origin;
  private long lastId;
  private long lost;
  private long duplicated;
  private long swapped;
  private long wrong;

  /** Whether the client wants no more of the stream. */
  boolean enough;

  private boolean announced;
  private boolean resumed;
  private boolean begun;

  /** Begins with the request of a stream, which was due at {@code intendedNs}. */
  EventsRecorder(Streams streams, long intendedNs) {
    this.streams = streams;
    this.pace = new Pace(streams.steady);
    this.plan = streams.plan;
    this.recording = streams.recording;
    this.gaps = recording.of(Kpi.GAP);
    this.tally = recording.tally();
    this.intendedNs = intendedNs;
    this.leaveAt = streams.leaveNext();
    this.sentNs = recording.nowNs();
    tally.start(sentNs);
  }

  /** Records the arrival of the response headers. */
  void onConnected() {
    if (!resumed) {
      streams.connected.incrementAndGet();
      connectNs = recording.nowNs() - sentNs;
      recording.of(Kpi.CONNECT).record(connectNs);
    }
    announced = false;
    begun = false;
  }

  @Override
  public boolean on(String name, long id, byte[] data, int length) {
    if (plan.isNumbered() && !name.isEmpty() && !name.equals(MESSAGE)) {
      announced |= name.equals(STOPPING);
      return enough;
    }
    events++;
    tally.event();
    long nowNs = recording.nowNs(); // Once an event: there may be millions a second.
    if (plan.isTimed()) {
      time(nowNs);
    } else if (lastNs > 0) {
      stoodStill(nowNs);
    }
    lastNs = nowNs;
    if (plan.isNumbered()) {
      take(id, data, length, nowNs);
    } else {
      pace.on(nowNs);
    }
    if (events == leaveAt && !resumed) {
      return true;
    }
    boolean isComplete = plan.isNumbered() ? next > plan.count() : events >= plan.count();
    enough = plan.count() > 0 ? isComplete : !streams.stays.test(nowNs);
    enoughNs = enough ? nowNs : 0;
    return enough;
  }

  @Override
  public long lingersNs() {
    return enough ? streams.lingers().toNanos() : 0;
  }

  /** A server that stops may end a stream; the bundled one announces it. */
  @Override
  public boolean isWhole() {
    return streams.feed == Streams.Feed.STOPPING && (announced || !plan.isNumbered());
  }

  private void time(long nowNs) {
    if (events == 1) {
      firstNs = nowNs;
      recording.of(Kpi.TTFT).record(nowNs - intendedNs);
      recording.compare(Within.CONNECT, connectNs, nowNs - intendedNs);
    } else if (lastNs > 0) { // The wait for a resumed stream is the client's own.
      gaps.record(nowNs - lastNs);
      maxGapNs = Math.max(maxGapNs, nowNs - lastNs);
      streams.waited(nowNs - lastNs);
    } else {
      recording.of(Kpi.RECONNECT).record(nowNs - resumedNs);
      timed--;
    }
    timed++;
  }

  /** Notes a wait of a stream that is not timed, which is silent beyond its delay. */
  private void stoodStill(long nowNs) {
    long silentNs = nowNs - lastNs - plan.onTimeNs();
    gaps.silent(silentNs);
    maxGapNs = Math.max(maxGapNs, silentNs);
  }

  private void place(long number) {
    if (number == next) {
      next++;
    } else if (number > next) {
      for (long gone = next; gone < number && missing.size() < MISSING_MAX; gone++) {
        missing.add(gone);
      }
      lost += number - next;
      next = number + 1;
    } else if (missing.remove(number)) {
      lost--;
      swapped++;
    } else {
      duplicated++; // Also one without a number.
    }
  }

  /** Takes the event's number, which its data begin with, as those of the original. */
  private void take(long id, byte[] data, int length, long nowNs) {
    int end = DATA.length;
    while (end < length && data[end] != ' ') {
      end++;
    }
    boolean named = Arrays.equals(data, 0, Math.min(DATA.length, length), DATA, 0, DATA.length);
    long number = named ? SseDecoder.number(data, DATA.length, end) : -1;
    // Of a broadcast the number is the run's own, and the id may be any text.
    boolean published = streams.feed == Streams.Feed.BROADCAST;
    lastId = published && id < 0 ? origin + number : id;
    if (published && (!begun || areRefused(next, number))) {
      // Another one, if the server was started again or refused events meanwhile.
      origin = lastId - number;
    }
    begun = true;
    place(lastId - origin);
    wrong += number == lastId - origin ? 0 : 1;
    long dueNs = published ? SseDecoder.number(data, end + 1, length) : -1;
    if (dueNs >= 0) {
      long lagNs = nowNs - dueNs;
      recording.of(Kpi.DELIVERY_LAG).record(lagNs);
      maxLagNs = Math.max(maxLagNs, lagNs);
      tally.add("broadcasts_received", 1);
    }
  }

  private boolean areRefused(long from, long to) {
    return from < to && LongStream.range(from, to).noneMatch(streams.published);
  }

  /** Returns true if the client has left in the middle, to resume the stream. */
  boolean hasLeft() {
    return events == leaveAt && !resumed && !enough;
  }

  /** Begins the request of the rest; returns the number of the last event that the client has. */
  long resume() {
    resumed = true;
    lastNs = 0;
    resumedNs = recording.nowNs();
    return streams.feed == Streams.Feed.BROADCAST ? lastId : next - 1;
  }

  /**
   * Ends the stream.
   *
   * @param failure how Gatling saw it end, or null if the client had enough
   */
  Outcome finish(Outcome failure) {
    long nowNs = enough ? enoughNs : recording.nowNs();
    // An end is no fault of a stream without a plan, nor is a silence unless it had a pace.
    boolean foreign = !plan.isNumbered() && events > 0;
    boolean mayEnd = failure == Outcome.CLOSED_EARLY;
    if (foreign && (failure == null || failure == Outcome.TIMEOUT)) {
      mayEnd = !pace.hasStopped(nowNs, counter -> tally.add(counter, 1));
    }
    boolean stoodOpen = plan.isNumbered() && failure == Outcome.TIMEOUT && plan.count() > 0;
    lost += stoodOpen ? Math.max(0, plan.count() - next + 1) : 0;
    lost -= missing.stream().filter(number -> !streams.published.test(number)).count();
    boolean right = lost + duplicated + swapped + wrong == 0 && (events > 0 || announced);
    Outcome outcome =
        failure != null && !(foreign && mayEnd) ? failure : right ? Outcome.OK : Outcome.INVALID;
    tally.end(outcome, recording.nowNs());
    if (!plan.isTimed() && lastNs > 0) {
      stoodStill(nowNs);
    } else if (plan.isTimed() && outcome != Outcome.OK) {
      long silentNs = nowNs - Math.max(lastNs, intendedNs);
      recording.of(events == 0 ? Kpi.TTFT : Kpi.GAP).silent(silentNs);
      streams.waited(silentNs);
    }
    tally.add("events_timed", timed);
    tally.add("events_lost", lost);
    tally.add("events_duplicated", duplicated);
    tally.add("events_swapped", swapped);
    tally.add("events_wrong", wrong);
    if (resumed) {
      tally.add("resumes", 1);
      tally.add("resumes_inexact", right && failure == null ? 0 : 1);
    }
    if (outcome == Outcome.OK) {
      // What a stream does not time is not late, but it may stand still.
      long ttftNs = Math.max(0, firstNs - intendedNs);
      Map<Kpi, Long> longest =
          Map.of(
              Kpi.CONNECT, connectNs,
              Kpi.TTFT, ttftNs,
              Kpi.GAP, maxGapNs,
              Kpi.DELIVERY_LAG, maxLagNs);
      recording.judge(plan.slos().beyondNs(longest), intendedNs);
    }
    return outcome;
  }

  /** Ends a stream that a server in its stop did not begin, as it should. */
  Outcome refused() {
    tally.end(Outcome.OK, recording.nowNs());
    return Outcome.OK;
  }

  /** Returns the time to the first event in ms; -1 if it was not timed. */
  double firstMs() {
    return firstNs == 0 ? -1 : (firstNs - intendedNs) / 1e6;
  }
}

package simulations.sse;

import java.util.function.LongSupplier;
import kpi.Distribution;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;
import org.HdrHistogram.ConcurrentHistogram;
import simulations.sse.SseBattleSettings.StreamPlan;

/**
 * Sees every event of one stream, on the event loop of its user: stamps it in nanoseconds, checks
 * its place and its text, and at the end says how the stream went.
 *
 * <p>Not thread-safe: a user lives on one event loop.
 */
public final class StreamRecorder {
  /**
   * What all streams of a phase share.
   *
   * @param recorders take the latencies
   * @param tally takes the counts
   * @param phase what is recorded
   * @param plan what each stream asks for
   * @param slos what a good stream meets
   * @param drift takes each stream's {@link #driftPpb}
   * @param nanoClock monotonic nanoseconds
   */
  record Shared(
      Recorders recorders,
      Tally tally,
      Phase phase,
      StreamPlan plan,
      StreamSlos slos,
      ConcurrentHistogram drift,
      LongSupplier nanoClock) {
    Distribution of(Kpi kpi) {
      return recorders.of(phase, kpi);
    }
  }

  private final Shared shared;
  private final Distribution gaps;
  private final TextCheck text;
  private final long intendedNs;
  private long sentNs;
  private long firstNs;
  private long lastNs;
  private long endNs;
  private int tokens;
  private int events;
  private int longGaps;
  private long maxGapNs;
  private boolean finishSeen;
  private boolean done;
  private boolean restarted;
  private boolean errorSeen;

  /**
   * A stream that is about to be asked for.
   *
   * @param shared of its phase
   * @param seed of its text; negative if the text is not checked
   * @param intendedNs when its user meant to start it
   */
  StreamRecorder(Shared shared, long seed, long intendedNs) {
    this.shared = shared;
    this.gaps = shared.of(Kpi.GAP);
    this.text = seed < 0 ? null : new TextCheck(seed);
    this.intendedNs = intendedNs;
    this.sentNs = shared.nanoClock().getAsLong();
    shared.tally().start(sentNs);
  }

  /** The response headers are there. */
  void onConnected() {
    shared.of(Kpi.CONNECT).record(shared.nanoClock().getAsLong() - sentNs);
  }

  /**
   * An event came.
   *
   * @param event as Gatling hands it to checks
   * @return true if nothing more is expected
   */
  boolean onEvent(String event) {
    long now = shared.nanoClock().getAsLong();
    events++;
    shared.tally().event();
    if (ChatChunk.isDone(event)) {
      done = true;
      endNs = now;
      return true;
    }
    if (tokens > 0 && ChatChunk.isFirst(event)) {
      // Gatling asks again by itself, 3 s after a stream broke: what follows is another stream.
      restarted = true;
      return true;
    }
    errorSeen |= ChatChunk.isError(event);
    finishSeen |= ChatChunk.isFinish(event);
    String content = ChatChunk.content(event);
    if (content != null) {
      onToken(content, now);
    }
    return false;
  }

  /**
   * The stream is over.
   *
   * @param failure how Gatling says that it ended, or null if the last event came
   * @return what became of it
   */
  Outcome finish(Outcome failure) {
    long now = done ? endNs : shared.nanoClock().getAsLong();
    if (text != null && done) {
      text.end(shared.plan().tokens());
    }
    Outcome outcome = outcome(failure);
    Tally tally = shared.tally();
    tally.end(outcome, shared.nanoClock().getAsLong());
    tally.add("tokens_received", tokens);
    countText(tally);
    if (done) {
      tally.add("streams_done", 1);
      tally.add("events_in_done_streams", events);
    }
    if (done != finishSeen) {
      tally.add("streams_unterminated", 1);
    }
    if (outcome == Outcome.OK) {
      recordWhole(now);
    }
    if (outcome == Outcome.OK && isGood(now)) {
      tally.add("streams_good", 1);
    }
    return outcome;
  }

  /** Time to first token in ms; -1 if none came. */
  double ttftMs() {
    return tokens == 0 ? -1 : (firstNs - intendedNs) / 1e6;
  }

  /** Length of the whole stream in ms; -1 if it did not end. */
  double e2eMs() {
    return done ? (endNs - intendedNs) / 1e6 : -1;
  }

  /** Tokens so far. */
  int tokens() {
    return tokens;
  }

  private void onToken(String content, long now) {
    if (text != null) {
      text.on(content);
    }
    if (tokens == 0) {
      firstNs = now;
      shared.of(Kpi.TTFT).record(now - intendedNs);
    } else {
      long gapNs = now - lastNs;
      gaps.record(gapNs);
      maxGapNs = Math.max(maxGapNs, gapNs);
      if (gapNs > shared.slos().gapP99Ns()) {
        longGaps++;
      }
    }
    lastNs = now;
    tokens++;
  }

  private Outcome outcome(Outcome failure) {
    if (restarted) {
      return Outcome.RESET;
    }
    if (failure != null) {
      return failure;
    }
    boolean wrongText =
        text != null && text.lost() + text.duplicated() + text.swapped() + text.wrong() > 0;
    return wrongText || errorSeen || !finishSeen || tokens == 0 ? Outcome.INVALID : Outcome.OK;
  }

  private void countText(Tally tally) {
    if (text == null) {
      return;
    }
    tally.add("tokens_lost", text.lost());
    tally.add("tokens_duplicated", text.duplicated());
    tally.add("tokens_swapped", text.swapped());
    tally.add("tokens_wrong", text.wrong());
  }

  private void recordWhole(long endedNs) {
    shared.of(Kpi.E2E).record(endedNs - intendedNs);
    if (tokens > 1) {
      shared.of(Kpi.ITL).record((lastNs - firstNs) / (tokens - 1));
    }
    if (tokens > 1 && tokens == shared.plan().tokens()) {
      shared.drift().recordValue(driftPpb());
    }
  }

  /** Nearest rank: the p99 of n gaps is within a limit if at most floor(n / 100) are beyond it. */
  private boolean isGood(long endedNs) {
    StreamSlos slos = shared.slos();
    return firstNs - intendedNs <= slos.ttftNs()
        && longGaps <= (tokens - 1) / 100
        && maxGapNs <= slos.gapMaxNs()
        && endedNs - intendedNs <= slos.e2eNs();
  }

  /** |time from first to last token - planned| / planned, in parts of a billion. */
  private long driftPpb() {
    double plannedNs = shared.plan().intervalMs() * 1e6 * (tokens - 1);
    return Math.round(Math.abs(lastNs - firstNs - plannedNs) / plannedNs * 1e9);
  }
}

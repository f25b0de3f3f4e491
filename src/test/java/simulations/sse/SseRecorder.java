package simulations.sse;

import java.time.Duration;
import java.util.Locale;
import kpi.Distribution;
import kpi.Kpi;
import kpi.Outcome;
import kpi.RequestLog.Row;
import kpi.Tally;
import kpi.Within;
import simulations.run.Recording;
import simulations.run.SseStream;

/**
 * Sees every event of one stream, on the event loop of its user: stamps it in nanoseconds, checks
 * its place and its text, and decides at the end how the stream went.
 *
 * <p>Not thread-safe: a user lives on one event loop.
 */
final class SseRecorder {
  /** The characters of an answer that a conversation keeps; what is beyond is left out of it. */
  private static final int ANSWER_CHARS_MAX = 1 << 20;

  private static final int OK_STATUS = 200;

  private final Streams streams;
  private final Ask ask;
  private final int leaveAt;
  private final StringBuilder answer;
  private final Recording recording;
  private final Distribution gaps;
  private final TextCheck text;
  private final ChatChunk chunk = new ChatChunk();
  private final long intendedNs;
  private final long sentNs;
  private long connectNs;
  private long firstNs;
  private long firstTextNs;
  private long lastNs;
  private long endNs;
  private int tokens;
  private int chunks;
  private long inputTokens = -1;
  private long outputTokens = -1;
  private long cachedTokens = -1;
  private int events;
  private int longGaps;
  private long shortestLongNs = Long.MAX_VALUE;
  private long maxGapNs;
  private boolean finishSeen;
  private boolean over;
  private boolean done;
  private boolean cancelled;
  private String error;

  /** Begins with the request of a stream; {@code keepsText} if {@link #answer} is needed. */
  SseRecorder(Streams streams, Ask ask, boolean keepsText, long intendedNs) {
    this.streams = streams;
    this.ask = ask;
    this.leaveAt = ask.leaving().chunks();
    this.answer = keepsText ? new StringBuilder() : null;
    this.recording = streams.recording;
    this.gaps = recording.of(Kpi.GAP);
    this.text = ask.verified() ? new TextCheck(ask.seed()) : null;
    this.intendedNs = intendedNs;
    this.sentNs = recording.nowNs();
    recording.tally().start(sentNs);
  }

  /** Records the arrival of the response headers. */
  void onConnected() {
    connectNs = recording.nowNs() - sentNs;
    recording.of(Kpi.CONNECT).record(connectNs);
  }

  /** Records an event, as {@link simulations.run.SseDecoder.Sink}. */
  boolean onEvent(String name, byte[] data, int length) {
    if (over) { // Its user has given it up, and its connection is about to close.
      return true;
    }
    long now = recording.nowNs();
    events++;
    recording.tally().event();
    chunk.read(name, data, length);
    error = error == null ? chunk.error : error;
    finishSeen |= chunk.finish != null;
    inputTokens = Math.max(inputTokens, chunk.inputTokens);
    outputTokens = Math.max(outputTokens, chunk.outputTokens);
    cachedTokens = Math.max(cachedTokens, chunk.cachedTokens);
    String content = chunk.content();
    if (content != null) {
      onText(content, now);
    }
    if (content != null || chunk.other) {
      onChunk(now);
    }
    if (chunk.last) {
      done = true;
      endNs = now;
    } else if (chunks >= leaveAt) {
      cancel();
    }
    return done || cancelled;
  }

  /** The user leaves the stream, unless it has ended; returns true if it was still open. */
  boolean cancel() {
    cancelled = !done;
    return cancelled;
  }

  Duration sinceSent() {
    return Duration.ofNanos(recording.nowNs() - sentNs);
  }

  /** Returns the text that came, up to {@value #ANSWER_CHARS_MAX} characters. */
  String answer() {
    return answer.toString();
  }

  /**
   * Ends the stream.
   *
   * @param failure how Gatling saw it end, or null if the last event came
   * @param why the failure in Gatling's words
   */
  Outcome finish(Outcome failure, String why) {
    over = true;
    // A stream that stood open until its time was up has lost what did not come.
    boolean stoodOpen = tokens > 0 && failure == Outcome.TIMEOUT && streams.losesByTime;
    if (text != null && (done || stoodOpen)) {
      text.end(ask.tokens());
    }
    boolean left = cancelled && failure == null;
    String fault =
        left ? null : failure == null ? fault() : SseStream.words(connectNs > 0, failure, why);
    Outcome outcome =
        left
            ? Outcome.CANCELLED
            : failure != null ? failure : fault == null ? Outcome.OK : Outcome.INVALID;
    if (fault != null) {
      streams.faults.add(fault, error);
    }
    Tally tally = recording.tally();
    long nowNs = recording.nowNs();
    tally.end(outcome, nowNs);
    if (!done) {
      endNs = nowNs;
      recording
          .of(chunks == 0 ? Kpi.TTFT : Kpi.GAP)
          .silent(nowNs - (chunks == 0 ? intendedNs : lastNs));
    }
    if (failure != null && connectNs == 0 && SseStream.status(why) > 0) {
      tally.add("answers_" + SseStream.status(why), 1);
    }
    tally.add("tokens_received", chunks);
    tally.add("tokens_in", Math.max(0, inputTokens));
    tally.add("tokens_in_cached", Math.max(0, cachedTokens));
    tally.add("tokens_out", Math.max(0, outputTokens));
    if (text != null) {
      text.count(tally);
    }
    if (done) {
      tally.add("streams_done", 1);
      tally.add("events_in_done_streams", events);
    }
    if (done != finishSeen && !left) {
      tally.add("streams_unterminated", 1);
    }
    if (outcome == Outcome.OK) {
      recordWhole();
    }
    long ttftNs = chunks == 0 ? -1 : firstNs - intendedNs;
    streams.ended(outcome, sentNs, ttftNs, endNs - intendedNs, inputTokens, outputTokens());
    streams.rows.log().accept(row(outcome, fault, failure == null ? "" : why));
    return outcome;
  }

  private Row row(Outcome outcome, String fault, String why) {
    int status = connectNs > 0 ? OK_STATUS : SseStream.status(why);
    String words = error != null ? error : why.isEmpty() ? fault : why;
    return new Row(
        ask.stream(),
        ask.turn(),
        recording.phase().word(),
        streams.rows.runS().applyAsDouble(intendedNs),
        streams.rows.runS().applyAsDouble(sentNs),
        ms(connectNs, 0),
        ms(firstNs, intendedNs),
        ms(firstTextNs, intendedNs),
        (endNs - intendedNs) / 1e6,
        known(inputTokens),
        known(outputTokens),
        known(cachedTokens),
        chunks,
        outcome.name().toLowerCase(Locale.ROOT),
        status > 0 ? status : null,
        fault == null
            ? null
            : streams.rows.masked().apply(words.lines().findFirst().orElse(fault)));
  }

  /** Returns a time since another in ms; null if it did not come. */
  private static Double ms(long ns, long sinceNs) {
    return ns == 0 ? null : (ns - sinceNs) / 1e6;
  }

  private static Long known(long tokens) {
    return tokens < 0 ? null : tokens;
  }

  /** Returns the service's count, else the events with content: a chunk may hold many tokens. */
  private long outputTokens() {
    return outputTokens > 0 ? outputTokens : chunks;
  }

  /** Returns the time to the first token in ms; -1 if none came. */
  double ttftMs() {
    return chunks == 0 ? -1 : (firstNs - intendedNs) / 1e6;
  }

  /** Returns the length of the stream in ms, up to its last event or else to its failure. */
  double e2eMs() {
    return (endNs - intendedNs) / 1e6;
  }

  private void onText(String content, long now) {
    if (text != null) {
      text.on(content);
    }
    if (answer != null && answer.length() < ANSWER_CHARS_MAX) {
      answer.append(content);
    }
    if (tokens == 0) {
      firstTextNs = now;
      if (chunks > 0) {
        recording.of(Kpi.TTFO).record(now - intendedNs);
      }
    }
    tokens++;
  }

  /** Records the arrival of text, reasoning, a refusal, or the call of a tool. */
  private void onChunk(long now) {
    if (chunks == 0) {
      firstNs = now;
      recording.of(Kpi.TTFT).record(now - intendedNs);
      recording.compare(Within.CONNECT, connectNs, now - intendedNs);
    } else {
      long gapNs = now - lastNs;
      gaps.record(gapNs);
      maxGapNs = Math.max(maxGapNs, gapNs);
      if (gapNs > streams.gapP99Ns) {
        longGaps++;
        shortestLongNs = Math.min(shortestLongNs, gapNs);
      }
    }
    lastNs = now;
    chunks++;
  }

  /** Returns what is wrong with a stream whose last event came; null for nothing. */
  private String fault() {
    if (error != null) {
      return "held an error";
    } else if (chunks == 0) {
      return "held no token";
    } else if (!finishSeen) {
      return "had no reason of their end";
    }
    return text == null || text.isRight() ? null : "had another text than planned";
  }

  private void recordWhole() {
    recording.of(Kpi.E2E).record(endNs - intendedNs);
    recording.compare(Within.TTFT, firstNs - intendedNs, endNs - intendedNs);
    if (outputTokens() > 1) {
      recording.of(Kpi.ITL).record((endNs - firstNs) / (outputTokens() - 1));
    }
    if (tokens > 1 && tokens == ask.tokens()) {
      streams.paced(tokens, lastNs - firstNs);
    }
    // Nearest rank: the p99 of n gaps is within a limit if at most floor(n / 100) are beyond it.
    long rankNs = longGaps <= (chunks - 1) / 100 ? 0 : shortestLongNs - streams.gapP99Ns;
    long gapNs = Math.max(rankNs, maxGapNs - streams.gapMaxNs);
    long firstBeyondNs = Math.max(0, firstNs - intendedNs) - streams.ttftNs;
    long endBeyondNs = endNs - intendedNs - streams.e2eNs;
    recording.judge(Math.max(gapNs, Math.max(firstBeyondNs, endBeyondNs)), intendedNs);
  }
}

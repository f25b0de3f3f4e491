package simulations.run;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;

/**
 * The pace at which a reader received a feed without a known plan, and whether the feed stopped
 * while it stayed open. Not thread-safe.
 */
public final class Pace {
  /** Gaps by which a pace is known; shorter than the longest one by this power of 2 at most. */
  private static final int BEATS_MIN = 10;

  private static final int BEAT_POWERS = 4;

  /** Shortest silence that counts, in ns and in longest gaps; an irregular feed reaches neither. */
  private static final long SILENCE_MIN_NS = 1_000_000_000L;

  private static final int SILENCE_MIN_GAPS = 10;

  /** A pace that was kept for less, in ns and as a share of the silence, was that of a burst. */
  private static final long SPAN_MIN_NS = 5_000_000_000L;

  private static final int SPANS_MAX = 4;

  /** Number and sum of gaps, by the power of 2 of their length in ns. */
  private final int[] gaps = new int[Long.SIZE];

  private final long[] gapsNs = new long[Long.SIZE];
  private final LongUnaryOperator steady;
  private boolean mute = true;
  private long firstNs;
  private long lastNs;
  private long longestNs;
  private long events;

  /** The state of a feed when its reader left. */
  public enum End {
    /** At a pace of its own it went on. */
    STEADY,
    /** At a pace of its own it stopped: nothing came for ten times its longest gap. */
    SILENT,
    /** It stopped as well, but after so short a time that it may have been a burst. */
    BRIEF,
    /** It was as silent, but had no pace. */
    UNCLEAR,
    /** Too few events, or too irregular ones, for a pace. */
    RARE,
    /** No event came at all. */
    MUTE;

    /** Returns the name of the counter of such feeds. */
    public String counter() {
      return "feeds_" + name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The pace of one feed.
   *
   * @param steady returns a moment, or the nearest one at which all users are there: a service may
   *     announce those who arrive to the others, which is no feed that goes on
   */
  public Pace(LongUnaryOperator steady) {
    this.steady = steady;
  }

  /** Takes an event, in monotonic nanoseconds. */
  public void on(long nowNs) {
    mute = false;
    if (steady.applyAsLong(nowNs) != nowNs) {
      return;
    } else if (events++ == 0) {
      firstNs = nowNs;
    } else {
      long gapNs = Math.max(1, nowNs - lastNs);
      gaps[power(gapNs)]++;
      gapsNs[power(gapNs)] += gapNs;
      longestNs = Math.max(longestNs, gapNs);
    }
    lastNs = nowNs;
  }

  /**
   * Ends the feed, as its reader leaves.
   *
   * @param counter counts it, by name
   * @return whether it stopped while it stayed open
   */
  public boolean hasStopped(long nowNs, Consumer<String> counter) {
    End end = end(nowNs);
    counter.accept(end.counter());
    return end == End.SILENT;
  }

  End end(long nowNs) {
    if (events <= BEATS_MIN) {
      return mute ? End.MUTE : End.RARE;
    }
    int beats = 0;
    long beatsNs = 0;
    for (int power = Math.max(0, power(longestNs) - BEAT_POWERS); power < Long.SIZE; power++) {
      beats += gaps[power];
      beatsNs += gapsNs[power];
    }
    long spanNs = lastNs - firstNs;
    long silentNs = steady.applyAsLong(nowNs) - lastNs;
    boolean isPaced = beats >= BEATS_MIN && 2 * beatsNs >= spanNs;
    if (silentNs <= Math.max(SILENCE_MIN_NS, SILENCE_MIN_GAPS * longestNs)) {
      return isPaced ? End.STEADY : End.RARE;
    }
    boolean isBurst = spanNs < SPAN_MIN_NS || silentNs > SPANS_MAX * spanNs;
    return !isPaced ? End.UNCLEAR : isBurst ? End.BRIEF : End.SILENT;
  }

  private static int power(long ns) {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(ns);
  }
}

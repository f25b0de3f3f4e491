package targets.ticker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * One sequence of broadcasts: those of a kind about a token, of a user, or of the market. Sequences
 * begin at 1 with every epoch, which is the time when the publisher started. Written by the thread
 * that hears NATS, read by any.
 */
final class Feed {
  /** Where a broadcast stands in its feed. */
  enum Place {
    /** Behind the last one, or the first one of an epoch. */
    NEXT,
    /** So that some are missing. */
    AHEAD,
    /** Heard before. */
    REPEATED
  }

  private final Subject subject;
  private volatile long epoch;
  private volatile long sequence;
  private final LongAdder missing = new LongAdder();

  /**
   * @param epoch of this ticker, for publishers that have no sequences
   */
  Feed(Subject subject, long epoch) {
    this.subject = subject;
    this.epoch = epoch;
  }

  Subject subject() {
    return subject;
  }

  /** Of the last broadcast heard. */
  long epoch() {
    return epoch;
  }

  /** Of the last broadcast heard; 0 before the first. */
  long sequence() {
    return sequence;
  }

  /** A broadcast was heard; at the first one of an epoch nobody knows what went before. */
  Place heard(long ofEpoch, long number) {
    boolean first = ofEpoch != epoch || sequence == 0;
    if (!first && number <= sequence) {
      return Place.REPEATED;
    }
    long skipped = first ? 0 : number - sequence - 1;
    missing.add(skipped);
    epoch = ofEpoch;
    sequence = number;
    return skipped == 0 ? Place.NEXT : Place.AHEAD;
  }

  /** How many were never heard. */
  long missing() {
    return missing.sum();
  }

  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("feed", subject.feed());
    map.put("type", subject.kind().type());
    map.put("epoch", epoch);
    map.put("seq", sequence);
    map.put("missing", missing.sum());
    return map;
  }
}

package targets.ticker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * One sequence of broadcasts: those of a kind about a token, of a user, or of the market. Sequences
 * begin at 1 in every epoch, which is the time when the publisher started. Written by the thread
 * that receives from NATS, read by any.
 */
final class Feed {
  /** Returned for a broadcast that was received before. */
  static final int REPEATED = -1;

  private final Subject subject;
  private final Optional<String> conflated;
  private volatile long epoch;
  private volatile long sequence;
  private final LongAdder missing = new LongAdder();

  /**
   * @param epoch of this ticker, for publishers without sequences
   */
  Feed(Subject subject, long epoch) {
    this.subject = subject;
    this.epoch = epoch;
    this.conflated = subject.kind().conflates() ? Optional.of(subject.feed()) : Optional.empty();
  }

  Subject subject() {
    return subject;
  }

  /** Returns the feed's name if a newer message makes an older one worthless. */
  Optional<String> conflated() {
    return conflated;
  }

  /** Returns the sequence of the last broadcast; 0 before the first. */
  long sequence() {
    return sequence;
  }

  /**
   * Takes the next broadcast. What precedes the first one of an epoch is unknown.
   *
   * @return the number of missing broadcasts before it, or {@link #REPEATED}
   */
  long advance(long ofEpoch, long number) {
    boolean first = ofEpoch != epoch || sequence == 0;
    if (!first && number <= sequence) {
      return REPEATED;
    }
    long skipped = first ? 0 : number - sequence - 1;
    missing.add(skipped);
    epoch = ofEpoch;
    sequence = number;
    return skipped;
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

package targets.ticker;

import io.netty.buffer.ByteBuf;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.PushMessage;

/** All feeds received so far, bounded in number. Added to by one thread, read by any. */
final class Feeds {
  final int max;

  /** Epoch of this ticker, for publishers without sequences. */
  final long epoch;

  private final ConcurrentMap<String, Feed> bySubject = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> names = new ConcurrentHashMap<>();

  Feeds(int max, long epoch) {
    this.max = max;
    this.epoch = epoch;
  }

  record Shown(String feed, String type, long epoch, long seq, long missing) {}

  /**
   * One sequence of broadcasts: those of a kind about a token, of a user, or of the market.
   * Sequences begin at 1 in every epoch, which is the time when the publisher started. Written by
   * the thread that receives from NATS, read by any.
   */
  static final class Feed {
    /** Returned for a broadcast that was received before. */
    static final int REPEATED = -1;

    private final Subject subject;
    private final Optional<String> conflated;
    private volatile long epoch;
    private volatile long sequence;
    private final LongAdder missing = new LongAdder();

    Feed(Subject subject, long epoch) {
      this.subject = subject;
      this.epoch = epoch;
      this.conflated = Optional.of(subject.feed()).filter(name -> subject.kind().conflates);
    }

    Subject subject() {
      return subject;
    }

    /** Returns the sequence of the last broadcast; 0 before the first. */
    long sequence() {
      return sequence;
    }

    /**
     * Takes the next broadcast; returns the number of missing ones before it, or {@link #REPEATED}.
     * What precedes the first one of an epoch is unknown.
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

    Shown shown() {
      return new Shown(subject.feed(), subject.kind().type, epoch, sequence, missing.sum());
    }
  }

  /** One message of a feed, encoded for all subscribers. Thread-safe. */
  static final class Broadcast extends PushMessage {
    private final Subject subject;

    /** Takes over the buffers, each with a count of 1. */
    Broadcast(Feed feed, ByteBuf plain, Optional<ByteBuf> compressed) {
      super(feed.conflated, plain, compressed);
      this.subject = feed.subject;
    }

    Subject subject() {
      return subject;
    }
  }

  /** Returns the feed of a subject, also a new one; empty at the limit. */
  Optional<Feed> of(Subject subject, String text) {
    Feed known = bySubject.get(text);
    if (known == null && bySubject.size() < max) {
      names.putIfAbsent(subject.name(), subject.name());
      known = bySubject.computeIfAbsent(text, unused -> new Feed(subject, epoch));
    }
    return Optional.ofNullable(known);
  }

  /** Returns an equal name that is kept anyway, if there is one: subscriptions share it. */
  String canonical(String name) {
    return names.getOrDefault(name, name);
  }

  int size() {
    return bySubject.size();
  }

  List<Shown> shown() {
    return bySubject.values().stream()
        .map(Feed::shown)
        .sorted(Comparator.comparing(Shown::feed))
        .toList();
  }
}

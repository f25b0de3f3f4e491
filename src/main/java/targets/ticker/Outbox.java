package targets.ticker;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What waits for a client that is slow. Of a feed whose newest message is all that counts, only the
 * newest waits; everything else waits in full. Bounded by bytes. Used by one event loop.
 */
final class Outbox {
  /** What became of a broadcast. */
  enum Taken {
    /** It waits. */
    KEPT,
    /** It waits in the place of an older one. */
    CONFLATED,
    /** It would be too much. */
    FULL
  }

  /**
   * One that waits.
   *
   * @param skipped how many of its feed it stands for besides itself
   */
  private record Entry(Broadcast broadcast, int skipped) {}

  private final int bytesMax;
  private final Map<Object, Entry> entries = new LinkedHashMap<>();
  private long bytes;

  /**
   * @param bytesMax of all frames that wait
   */
  Outbox(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Lets a broadcast wait, and retains it; not if it is too much. */
  Taken add(Broadcast broadcast) {
    Object key = broadcast.conflates() ? broadcast.feed() : broadcast;
    Entry older = entries.get(key);
    long after = bytes + broadcast.bytes() - (older == null ? 0 : older.broadcast().bytes());
    if (after > bytesMax) {
      return Taken.FULL;
    }
    bytes = after;
    if (older == null) {
      entries.put(key, new Entry(broadcast.retain(), 0));
      return Taken.KEPT;
    }
    older.broadcast().release();
    entries.put(key, new Entry(broadcast.retain(), older.skipped() + 1));
    return Taken.CONFLATED;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }

  /**
   * Gives out what waits, oldest first, until the taker has enough; what was given out is released.
   *
   * @param taker returns false when it did not take it and wants no more
   * @return how many messages were skipped, by the name of their feed
   */
  Map<String, Integer> drain(Predicate<Broadcast> taker) {
    Map<String, Integer> skipped = new LinkedHashMap<>();
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Entry entry = oldest.next();
      if (!taker.test(entry.broadcast())) {
        break;
      }
      oldest.remove();
      bytes -= entry.broadcast().bytes();
      if (entry.skipped() > 0) {
        skipped.put(entry.broadcast().feed().subject().feed(), entry.skipped());
      }
      entry.broadcast().release();
    }
    return skipped;
  }

  /** Forgets everything; returns how many had waited. */
  int clear() {
    int count = entries.size();
    entries.values().forEach(entry -> entry.broadcast().release());
    entries.clear();
    bytes = 0;
    return count;
  }
}

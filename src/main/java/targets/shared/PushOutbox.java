package targets.shared;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Messages that wait for a slow client, bounded by bytes. Messages of one feed are conflated: only
 * the newest waits. Used by one event loop.
 */
final class PushOutbox {
  private record Entry(PushMessage message, int skipped) {}

  private final int bytesMax;
  private final Map<Object, Entry> entries = new LinkedHashMap<>();
  private long bytes;

  PushOutbox(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Keeps and retains a message; refuses it at the limit. */
  Delivery.Result add(PushMessage message) {
    Object key = message.feed().isPresent() ? message.feed().get() : message;
    Entry older = entries.get(key);
    long after = bytes + message.bytes() - (older == null ? 0 : older.message().bytes());
    if (after > bytesMax) {
      return Delivery.Result.REFUSED;
    }
    bytes = after;
    message.retain();
    if (older == null) {
      entries.put(key, new Entry(message, 0));
      return Delivery.Result.WAITING;
    }
    older.message().release();
    entries.put(key, new Entry(message, older.skipped() + 1));
    return Delivery.Result.CONFLATED;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /**
   * Hands out the messages, oldest first, until the taker refuses one; releases those taken, and
   * returns how many were skipped, by feed.
   */
  Map<String, Integer> drain(Predicate<PushMessage> taker) {
    Map<String, Integer> skipped = new LinkedHashMap<>();
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Entry entry = oldest.next();
      if (!taker.test(entry.message())) {
        break;
      }
      oldest.remove();
      bytes -= entry.message().bytes();
      if (entry.skipped() > 0) {
        entry.message().feed().ifPresent(feed -> skipped.put(feed, entry.skipped()));
      }
      entry.message().release();
    }
    return skipped;
  }

  /** Releases everything; returns the number of messages that waited. */
  int clear() {
    int count = entries.size();
    entries.values().forEach(entry -> entry.message().release());
    entries.clear();
    bytes = 0;
    return count;
  }
}

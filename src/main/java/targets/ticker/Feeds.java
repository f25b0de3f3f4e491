package targets.ticker;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** All feeds received so far, bounded in number. Added to by one thread, read by any. */
final class Feeds {
  private final int max;
  private final long epoch;
  private final ConcurrentMap<String, Feed> bySubject = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> names = new ConcurrentHashMap<>();

  /**
   * @param max feeds that are kept apart
   * @param epoch of this ticker, for publishers without sequences
   */
  Feeds(int max, long epoch) {
    this.max = max;
    this.epoch = epoch;
  }

  /** Returns the feed of a subject, also a new one; empty at the limit. */
  Optional<Feed> of(Subject subject, String text) {
    Feed known = bySubject.get(text);
    if (known != null) {
      return Optional.of(known);
    }
    if (bySubject.size() >= max) {
      return Optional.empty();
    }
    names.putIfAbsent(subject.name(), subject.name());
    return Optional.of(bySubject.computeIfAbsent(text, unused -> new Feed(subject, epoch)));
  }

  /** Returns an equal name that is kept anyway, if there is one: subscriptions share it. */
  String canonical(String name) {
    return names.getOrDefault(name, name);
  }

  int max() {
    return max;
  }

  long epoch() {
    return epoch;
  }

  int size() {
    return bySubject.size();
  }

  /** Returns every feed, by name. */
  List<Map<String, Object>> asMaps() {
    return bySubject.values().stream()
        .sorted(Comparator.comparing(feed -> feed.subject().feed()))
        .map(Feed::asMap)
        .toList();
  }
}

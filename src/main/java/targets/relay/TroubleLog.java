package targets.relay;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts every trouble and logs the first of each kind. Thread-safe. */
final class TroubleLog {
  private static final Logger LOG = LoggerFactory.getLogger(TroubleLog.class);

  private final Map<Trouble, LongAdder> counts = new EnumMap<>(Trouble.class);
  private final Set<Trouble> logged = ConcurrentHashMap.newKeySet();

  TroubleLog() {
    Arrays.stream(Trouble.values()).forEach(trouble -> counts.put(trouble, new LongAdder()));
  }

  /**
   * One more.
   *
   * @param trouble its kind
   * @param reason a sentence for the log, without anything secret
   */
  void add(Trouble trouble, String reason) {
    add(trouble, 1, reason);
  }

  /** So many more of a kind. */
  void add(Trouble trouble, long count, String reason) {
    counts.get(trouble).add(count);
    if (logged.add(trouble)) {
      LOG.warn("{}: {} (said once; the metrics count on)", trouble.label(), reason);
    }
  }

  /** How many of a kind so far. */
  long count(Trouble trouble) {
    return counts.get(trouble).sum();
  }

  /** How many of each kind so far. */
  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    counts.forEach((trouble, count) -> map.put(trouble.label(), count.sum()));
    return map;
  }
}

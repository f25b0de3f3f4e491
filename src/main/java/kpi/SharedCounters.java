package kpi;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counters of targets that several generators load, among the counters of each generator: its first
 * and its last reading, and how many events it received itself. Of all generators the earliest and
 * the latest reading hold all events, and only theirs.
 */
public final class SharedCounters {
  private static final String PREFIX = "shared_";
  private static final String FIRST = "_first";
  private static final String LAST = "_last";

  /** Events that this generator received, warm-up included. */
  public static final String RECEIVED = PREFIX + "received";

  private SharedCounters() {}

  /** Adds the readings of a target's counter before the load and after it. */
  public static void put(Map<String, Long> into, String target, long first, long last) {
    into.put(PREFIX + target + FIRST, first);
    into.put(PREFIX + target + LAST, last);
  }

  /** Replaces sums of readings by the earliest and the latest; removes one that a part lacks. */
  static void merge(List<KpiReport> parts, Map<String, Long> sums) {
    for (String name : new TreeSet<>(sums.keySet())) {
      if (name.startsWith(PREFIX)
          && !parts.stream().allMatch(p -> p.counters().containsKey(name))) {
        sums.remove(name);
      } else if (name.startsWith(PREFIX) && !name.equals(RECEIVED)) {
        var readings = parts.stream().mapToLong(part -> part.counter(name));
        var only = name.endsWith(FIRST) ? readings.min() : readings.max();
        sums.put(name, only.orElseThrow());
      }
    }
  }

  /** Returns by how much each counter grew during the load of all; empty if that is not known. */
  public static Map<String, Long> increases(KpiReport all) {
    Map<String, Long> increases = new TreeMap<>();
    for (String name : all.counters().keySet()) {
      if (name.startsWith(PREFIX) && name.endsWith(LAST)) {
        String target = name.substring(PREFIX.length(), name.length() - LAST.length());
        long first = all.counter(PREFIX + target + FIRST);
        increases.put(target, all.counter(name) - first);
      }
    }
    return all.counters().containsKey(RECEIVED) ? increases : Map.of();
  }
}

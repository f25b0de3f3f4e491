package kpi;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one generator knows of a check against counters of targets that others load too: its share
 * of what they should count, and its readings. Of all generators the earliest and the latest
 * reading hold the load of all, and only theirs.
 *
 * @param least that the load of this generator adds to each counter
 * @param most that it adds
 * @param counters readings before the load and after it, by a name such as the target's
 * @param gauges readings after the load; the lowest of all generators is of when all had left
 */
public record SharedCounters(
    long least, long most, Map<String, Reading> counters, Map<String, Long> gauges) {
  /** A counter before the load and after it. */
  public record Reading(long first, long last) {
    /** Returns the sum of two counters. */
    public Reading plus(Reading other) {
      return new Reading(first + other.first, last + other.last);
    }

    /** Returns what a counter has beyond another one. */
    public Reading minus(Reading other) {
      return new Reading(first - other.first, last - other.last);
    }

    private Reading with(Reading other) {
      return new Reading(Math.min(first, other.first), Math.max(last, other.last));
    }
  }

  /** Returns what all generators know, by check; without one of which a part knows nothing. */
  static Map<String, SharedCounters> merge(List<KpiReport> parts) {
    Map<String, SharedCounters> all = new TreeMap<>(parts.get(0).shared());
    for (KpiReport part : parts.subList(1, parts.size())) {
      all.keySet().retainAll(part.shared().keySet());
      all.replaceAll((check, known) -> known.with(part.shared().get(check)));
    }
    return all;
  }

  private SharedCounters with(SharedCounters other) {
    return new SharedCounters(
        least + other.least,
        most + other.most,
        Merge.maps(counters, other.counters, Reading::with),
        Merge.maps(gauges, other.gauges, Math::min));
  }

  /** Returns true if every counter and gauge is what the load added. */
  public boolean holds() {
    return counted().values().stream().allMatch(each -> each >= least && each <= most);
  }

  /** Returns by how much each counter grew during the load of all, and what each gauge shows. */
  public Map<String, Long> counted() {
    Map<String, Long> all = new TreeMap<>(gauges);
    counters.forEach((name, reading) -> all.put(name, reading.last - reading.first));
    return all;
  }
}

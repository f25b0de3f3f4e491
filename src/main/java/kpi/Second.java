package kpi;

import static java.lang.String.format;
import static java.util.Locale.ROOT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kpi.Seconds.Bad;

/**
 * What went on in one second, or in one sample of a long run.
 *
 * @param at its number in the run, from 0
 * @param open streams at its end
 * @param ended streams that ended in it
 * @param values recorded, of KPIs with an SLO
 * @param processes what was wrong with some at that time, in words
 */
public record Second(
    int at,
    int open,
    long ended,
    long failed,
    Map<Kpi, Long> values,
    Map<Kpi, Late> late,
    Map<String, String> processes) {
  private static final double NS_PER_MS = 1e6;

  /** From so many on, a single one that is late says nothing of the others. */
  private static final int SEVERAL = 10;

  /** How many waits of a KPI were too long in one second, and the longest of them. */
  public record Late(long count, long longestNs, long limitNs) {
    Late plus(Late other) {
      return new Late(count + other.count, Math.max(longestNs, other.longestNs), limitNs);
    }

    private String words(Kpi kpi, long all) {
      String form =
          longestNs <= limitNs
              ? "%s: %,d of %,d requests failed"
              : kpi == Kpi.GAP
                  ? "%s: %,d of %,d streams stood still beyond %,.0f ms, for up to %,.0f ms"
                  : "%s: %,d of %,d took longer than %,.0f ms, up to %,.0f ms";
      return format(ROOT, form, kpi.word(), count, all, limitNs / NS_PER_MS, longestNs / NS_PER_MS);
    }
  }

  boolean isGeneratorLate() {
    return late.containsKey(Kpi.GENERATOR_LAG);
  }

  boolean isIdle() {
    return open == 0 && ended == 0 && values.isEmpty() && late.isEmpty();
  }

  /** Returns this second as one of a merged run, of the generator with an index. */
  Second of(int index, int laterBy) {
    Map<String, String> named = new TreeMap<>(processes);
    Optional.ofNullable(named.remove(KpiReport.INJECTOR))
        .ifPresent(what -> named.put(Merge.injector(index), what));
    return new Second(at + laterBy, open, ended, failed, values, late, named);
  }

  /** Adds a later sample that ended in this second too, as after a pause of the sampler. */
  Second then(Second later) {
    return new Second(
        at,
        later.open,
        ended + later.ended,
        failed + later.failed,
        Merge.maps(values, later.values, Long::sum),
        late,
        Merge.maps(processes, later.processes, (one, same) -> one));
  }

  /** Adds the same second of another generator, unless one of the two was late itself. */
  Second plus(Second other) {
    if (isGeneratorLate() || other.isGeneratorLate()) {
      return isGeneratorLate() ? other : this;
    }
    return new Second(
        at,
        open + other.open,
        ended + other.ended,
        failed + other.failed,
        Merge.maps(values, other.values, Long::sum),
        Merge.maps(late, other.late, Late::plus),
        Merge.maps(processes, other.processes, (one, same) -> one));
  }

  /** Returns what was bad in it; empty if it was good. */
  Optional<Bad> bad(int sampleS) {
    List<String> what = new ArrayList<>();
    double worst = 0;
    for (Map.Entry<Kpi, Late> each : late.entrySet()) {
      Kpi kpi = each.getKey();
      long count = each.getValue().count;
      long all = Math.max(count, kpi == Kpi.GAP ? open : values.getOrDefault(kpi, 0L));
      if (isTooMany(count, all)) {
        worst = Math.max(worst, 100.0 * count / all);
        what.add(each.getValue().words(kpi, all));
      }
    }
    if (isTooMany(failed, ended)) {
      worst = Math.max(worst, 100.0 * failed / ended);
      what.add(format(ROOT, "%,d of %,d streams that ended had failed", failed, ended));
    }
    if (what.isEmpty()) {
      return Optional.empty();
    }
    processes.forEach((process, words) -> what.add(process + " " + words));
    return Optional.of(new Bad(at * sampleS, worst, String.join("; ", what) + "."));
  }

  /** One in a hundred may be late, and a single one of several. */
  private static boolean isTooMany(long count, long all) {
    return count > (all < SEVERAL ? 0 : Math.max(1, all / 100));
  }
}

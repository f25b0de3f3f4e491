package kpi;

import static java.lang.String.format;
import static java.util.Locale.ROOT;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * The seconds of a run and the waits in each that were longer than the SLO of their KPI. A wait
 * counts in every second from the end of its limit to its own end, so a silence shows in the second
 * in which it lasts, though no event arrives in it. In a run so long that a sample takes several
 * seconds, those are judged as one. Thread-safe; keeps one small record a sample.
 */
public final class Seconds {
  /** Name of the file of a {@link Judged} in the run folder. */
  public static final String FILE = "seconds.json";

  /** Stands for a run whose seconds are not known. */
  public static final Judged NONE = new Judged(JsonFile.SCHEMA, 0, 0, 0, List.of());

  private static final double NS_PER_S = 1e9;
  private static final double NS_PER_MS = 1e6;
  private static final int BAD_MAX = 100;

  /** Collections of a second that are worth a word. */
  public static final double COLLECTIONS_SHOWN_MS = 50;

  /** From so many on, a single one that is late says nothing of the others. */
  private static final int SEVERAL = 10;

  private final Timeline timeline;
  private final ToLongFunction<Kpi> limitsNs;
  private final int sampleS;
  private final Map<Integer, Map<Kpi, Late>> late = new ConcurrentSkipListMap<>();
  private final Map<Integer, Total> totals = new TreeMap<>();
  private final NavigableMap<Double, Long> generatorLagNs = new TreeMap<>();
  private final Map<Life, LongAdder> missed = new ConcurrentHashMap<>();
  private Sample before;
  private Judged last = NONE;

  /** A latency has two ends in the generator, the sending and the receiving. */
  private static final int ENDS = 2;

  private static final long MISS_NS = 10_000_000;
  private static final long MISSES_MAX = 100;

  /** A time in seconds of the run, and how far a stream in it was beyond an SLO, at least. */
  private record Life(int fromS, int toS, long beyondNs) {
    private boolean isExplainedBy(long lagNs) {
      return beyondNs <= ENDS * lagNs;
    }
  }

  /** Waits of one KPI in one second that were too long; any number of threads count them. */
  private record Late(LongAdder count, LongAccumulator longestNs) {}

  /** What went on in one second; the values recorded are those of KPIs with an SLO. */
  private record Total(Sample sample, Map<Kpi, Long> values, long ended, long failed) {
    private long of(Kpi kpi) {
      return kpi == Kpi.GAP ? sample.open() : values.getOrDefault(kpi, 0L);
    }

    /** Returns both, if samples that were held up end in one second. */
    private Total and(Total later) {
      later.values.forEach((kpi, count) -> values.merge(kpi, count, Long::sum));
      return new Total(later.sample, values, ended + later.ended, failed + later.failed);
    }

    private boolean isIdle() {
      return sample.open() == 0 && ended == 0 && values.isEmpty();
    }
  }

  /**
   * A second that was not good.
   *
   * @param t its start, in seconds of the run
   * @param late share of its waits that were too long or failed, in per cent, of the KPI with most
   * @param what happened, as a sentence
   */
  public record Bad(double t, double late, String what) {}

  /**
   * The seconds of the measured phase.
   *
   * @param judged number of those with load in which the generator was on time
   * @param generatorLate number of those in which it was not
   * @param bad the worst first, at most 100
   */
  public record Judged(int schema, int judged, int good, int generatorLate, List<Bad> bad) {
    /** Returns how many were good, and what happened in the worst, for readers. */
    public String sentence() {
      Bad worst = bad.isEmpty() ? null : bad.get(0);
      return format(ROOT, "%,d of %,d seconds were good.", good, judged)
          + (worst == null ? "" : format(ROOT, " The worst, at %,.0f s: %s", worst.t, worst.what))
          + (generatorLate == 0
              ? ""
              : format(
                  ROOT, " %,d more are not judged, for the generator was late.", generatorLate));
    }
  }

  /**
   * No second so far.
   *
   * @param limitsNs of a single wait of a KPI; the largest long if it has none. That of {@link
   *     Kpi#GENERATOR_LAG} tells the seconds that are not judged, that of {@link Kpi#GOODPUT} how
   *     late the generator may be where a stream misses an SLO by fault of the target
   * @param sampleS seconds of a sample
   */
  public Seconds(Timeline timeline, ToLongFunction<Kpi> limitsNs, int sampleS) {
    this.timeline = timeline;
    this.limitsNs = limitsNs;
    this.sampleS = sampleS;
  }

  long limitNs(Kpi kpi) {
    return limitsNs.applyAsLong(kpi);
  }

  /** Counts a wait that ends now in each of the seconds in which it was too long; lock-free. */
  void late(Kpi kpi, long ns) {
    double now = timeline.nowS() / sampleS;
    long withinNs = kpi == Kpi.GENERATOR_LAG ? 0 : limitNs(kpi);
    int from = (int) (now - Math.max(0, ns - withinNs) / NS_PER_S / sampleS);
    for (int second = Math.max(0, from); second <= (int) now; second++) {
      Late waits =
          late.computeIfAbsent(second, unused -> new ConcurrentSkipListMap<>())
              .computeIfAbsent(
                  kpi, unused -> new Late(new LongAdder(), new LongAccumulator(Math::max, 0)));
      waits.count.increment();
      waits.longestNs.accumulate(ns);
    }
  }

  /** Counts a stream that ends now and missed an SLO by so much. */
  void missed(long fromNs, long beyondNs) {
    long atLeastNs = Math.min(beyondNs / MISS_NS, MISSES_MAX) * MISS_NS; // Few, to be grouped by.
    Life life = new Life((int) timeline.secondsAt(fromNs), (int) timeline.nowS() + 1, atLeastNs);
    missed.computeIfAbsent(life, unused -> new LongAdder()).increment();
  }

  /**
   * Returns how many of the streams that missed an SLO were open while the generator was so late
   * that it may be why: by the limit of {@link Kpi#GOODPUT}, and by half of what they missed.
   */
  synchronized long missedWhileLate() {
    return missed.entrySet().stream()
        .filter(
            each ->
                generatorLagNs
                    .subMap((double) each.getKey().fromS, (double) each.getKey().toS + sampleS)
                    .values()
                    .stream()
                    .filter(lagNs -> lagNs >= limitNs(Kpi.GOODPUT))
                    .anyMatch(each.getKey()::isExplainedBy))
        .mapToLong(each -> each.getValue().sum())
        .sum();
  }

  /** Takes the sample that ends a second. */
  public synchronized void onSample(Sample sample) {
    Histogram lag = sample.intervals().get(Kpi.GENERATOR_LAG);
    generatorLagNs.put(sample.t(), lag == null ? 0 : lag.getMaxValue());
    Map<Kpi, Long> values = new EnumMap<>(Kpi.class);
    sample.intervals().forEach((kpi, interval) -> values.put(kpi, interval.getTotalCount()));
    values.keySet().removeIf(kpi -> kpi == Kpi.GENERATOR_LAG || limitNs(kpi) == Long.MAX_VALUE);
    long failed = sample.failed() - (before == null ? 0 : before.failed());
    long ok = sample.ok() - (before == null ? 0 : before.ok());
    before = sample.withoutIntervals();
    totals.merge(
        (int) Math.round(sample.t() / sampleS) - 1,
        new Total(before, values, ok + failed, failed),
        Total::and);
  }

  /** Judges the seconds between two moments of the run. */
  public synchronized Judged judge(double fromS, double toS) {
    List<Bad> bad = new ArrayList<>();
    int judged = 0;
    int generatorLate = 0;
    for (int second = (int) (fromS / sampleS); second * sampleS < toS; second++) {
      Map<Kpi, Late> waits = late.getOrDefault(second, Map.of());
      Total total = totals.get(second);
      if (waits.containsKey(Kpi.GENERATOR_LAG)) {
        generatorLate += sampleS;
      } else if (!waits.isEmpty() || (total != null && !total.isIdle())) {
        judged += sampleS;
        judge(second, waits, total, bad);
      }
    }
    bad.sort(Comparator.comparingDouble(Bad::late).reversed());
    List<Bad> worst = List.copyOf(bad.subList(0, Math.min(BAD_MAX, bad.size())));
    last = new Judged(JsonFile.SCHEMA, judged, judged - sampleS * bad.size(), generatorLate, worst);
    return last;
  }

  /** Returns the result of the last {@link #judge}. */
  public synchronized Judged last() {
    return last;
  }

  private void judge(int second, Map<Kpi, Late> waits, Total total, List<Bad> bad) {
    List<String> what = new ArrayList<>();
    double worst = 0;
    for (Map.Entry<Kpi, Late> each : waits.entrySet()) {
      long count = each.getValue().count.sum();
      long all = Math.max(count, total == null ? 0 : total.of(each.getKey()));
      if (isTooMany(count, all)) {
        worst = Math.max(worst, 100.0 * count / all);
        what.add(words(each.getKey(), each.getValue(), all));
      }
    }
    if (total != null && isTooMany(total.failed, total.ended)) {
      worst = Math.max(worst, 100.0 * total.failed / total.ended);
      what.add(format(ROOT, "%,d of %,d streams that ended had failed", total.failed, total.ended));
    }
    if (!what.isEmpty()) {
      List.of(second, second + 1).forEach(at -> around(totals.get(at), what));
      bad.add(new Bad(second * sampleS, worst, String.join("; ", what) + "."));
    }
  }

  /** One in a hundred may be late, and a single one of several. */
  private static boolean isTooMany(long count, long all) {
    return count > (all < SEVERAL ? 0 : Math.max(1, all / 100));
  }

  private String words(Kpi kpi, Late waits, long all) {
    long longestNs = waits.longestNs.get();
    String form =
        longestNs <= limitNs(kpi)
            ? "%s: %,d of %,d requests failed"
            : kpi == Kpi.GAP
                ? "%s: %,d of %,d streams stood still beyond %,.0f ms, for up to %,.0f ms"
                : "%s: %,d of %,d took longer than %,.0f ms, up to %,.0f ms";
    double limitMs = limitNs(kpi) / NS_PER_MS;
    return format(ROOT, form, kpi.word(), waits.count.sum(), all, limitMs, longestNs / NS_PER_MS);
  }

  /**
   * Adds what is known of the processes at that time: the sample may be taken in the next second.
   */
  private static void around(Total total, List<String> what) {
    Map<String, ProcessSample> processes = total == null ? Map.of() : total.sample.processes();
    processes.forEach(
        (process, figures) -> {
          double pauseMs = figures == null ? 0 : figures.gcPauseMs();
          String sentence =
              figures == null
                  ? process + " did not answer"
                  : format(ROOT, "%s collected garbage for %,.0f ms", process, pauseMs);
          boolean matters = figures == null || pauseMs >= COLLECTIONS_SHOWN_MS;
          if (matters && !what.contains(sentence)) {
            what.add(sentence);
          }
        });
  }
}

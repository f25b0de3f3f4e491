package kpi;

import static java.lang.String.format;
import static java.util.Locale.ROOT;

import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
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
  public static final Judged NONE = Judged.of(1, List.of());

  private static final Second NO_LOAD = new Second(0, 0, 0, 0, Map.of(), Map.of(), Map.of());
  private static final double NS_PER_S = 1e9;
  private static final int BAD_MAX = 100;

  /** Collections of a second that are worth a word. */
  public static final double COLLECTIONS_SHOWN_MS = 50;

  private final Timeline timeline;
  private final ToLongFunction<Kpi> limitsNs;
  private final int sampleS;
  private final Map<Integer, Map<Kpi, Second.Late>> late = new ConcurrentSkipListMap<>();
  private final Map<Integer, Second> sampled = new TreeMap<>();
  private final NavigableMap<Double, Long> generatorLagNs = new TreeMap<>();
  private final Map<Life, LongAdder> missed = new ConcurrentHashMap<>();
  private long endedBefore;
  private long failedBefore;
  private Judged last = NONE;

  /** A latency has two ends in the generator, the sending and the receiving. */
  public static final int ENDS = 2;

  private static final long MISS_NS = 10_000_000;
  private static final long MISSES_MAX = 100;

  /** A time in seconds of the run, and how far a stream in it was beyond an SLO, at least. */
  private record Life(int fromS, int toS, long beyondNs) {
    private boolean isExplainedBy(long lagNs) {
      return beyondNs <= ENDS * lagNs;
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
   * @param sampleS seconds of a sample, which are judged together
   * @param seconds those with load
   */
  public record Judged(
      int schema,
      int judged,
      int good,
      int generatorLate,
      List<Bad> bad,
      int sampleS,
      List<Second> seconds) {
    /** Judges seconds. */
    static Judged of(int sampleS, Collection<Second> all) {
      List<Second> loaded = all.stream().filter(second -> !second.isIdle()).toList();
      List<Second> onTime = loaded.stream().filter(second -> !second.isGeneratorLate()).toList();
      List<Bad> bad =
          onTime.stream()
              .flatMap(second -> second.bad(sampleS).stream())
              .sorted(Comparator.comparingDouble(Bad::late).reversed())
              .toList();
      return new Judged(
          JsonFile.SCHEMA,
          sampleS * onTime.size(),
          sampleS * (onTime.size() - bad.size()),
          sampleS * (loaded.size() - onTime.size()),
          bad.subList(0, Math.min(BAD_MAX, bad.size())),
          sampleS,
          loaded);
    }

    /** Returns {@link Kpi#GOOD_SECONDS}; empty if no second was judged. */
    public Optional<Figure> figure() {
      return judged == 0
          ? Optional.empty()
          : Optional.of(Figure.of(Kpi.GOOD_SECONDS, 100.0 * good / judged));
    }

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
    Second.Late wait = new Second.Late(1, ns, limitNs(kpi));
    for (int second = Math.max(0, from); second <= (int) now; second++) {
      late.computeIfAbsent(second, unused -> new ConcurrentSkipListMap<>())
          .merge(kpi, wait, Second.Late::plus);
    }
  }

  /** Counts a stream that missed an SLO by so much, somewhere between two moments. */
  void missed(long fromNs, long toNs, long beyondNs) {
    long atLeastNs = Math.min(beyondNs / MISS_NS, MISSES_MAX) * MISS_NS; // Few, to be grouped by.
    int toS = (int) timeline.secondsAt(toNs) + 1;
    Life life = new Life((int) timeline.secondsAt(fromNs), toS, atLeastNs);
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
    long ended = sample.ok() + sample.failed();
    int at = (int) Math.round(sample.t() / sampleS) - 1;
    sampled.merge(
        at,
        new Second(
            at,
            sample.open(),
            ended - endedBefore,
            sample.failed() - failedBefore,
            values,
            Map.of(),
            troubles(sample)),
        Second::then);
    endedBefore = ended;
    failedBefore = sample.failed();
  }

  /** Judges the seconds between two moments of the run. */
  public synchronized Judged judge(double fromS, double toS) {
    last =
        Judged.of(
            sampleS,
            IntStream.iterate((int) (fromS / sampleS), at -> at * sampleS < toS, at -> at + 1)
                .mapToObj(this::second)
                .toList());
    return last;
  }

  /** Returns the result of the last {@link #judge}. */
  public synchronized Judged last() {
    return last;
  }

  private Second second(int at) {
    Second own = sampled.getOrDefault(at, NO_LOAD);
    Map<Kpi, Second.Late> waits = new TreeMap<>(late.getOrDefault(at, Map.of()));
    // The sample that shows what was wrong may be taken in the next second.
    Map<String, String> next = sampled.getOrDefault(at + 1, NO_LOAD).processes();
    Map<String, String> processes = Merge.maps(own.processes(), next, (first, later) -> first);
    return new Second(at, own.open(), own.ended(), own.failed(), own.values(), waits, processes);
  }

  /** Returns what was wrong with processes at that time, in words. */
  private static Map<String, String> troubles(Sample sample) {
    Map<String, String> all = new TreeMap<>();
    sample
        .processes()
        .forEach(
            (process, figures) -> {
              double pauseMs = figures == null ? 0 : figures.gcPauseMs();
              if (figures == null) {
                all.put(process, "did not answer");
              } else if (pauseMs >= COLLECTIONS_SHOWN_MS) {
                all.put(process, format(ROOT, "collected garbage for %,.0f ms", pauseMs));
              }
            });
    return all;
  }
}

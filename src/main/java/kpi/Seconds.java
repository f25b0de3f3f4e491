package kpi;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The seconds of a run and the waits in each that were longer than the SLO of their KPI. A wait
 * counts in every second from the end of its limit to its own end, so a silence shows in the second
 * in which it lasts, though no event arrives in it. Thread-safe; keeps one small record a second.
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
  private final NavigableMap<Integer, Map<Kpi, Late>> late = new TreeMap<>();
  private final Map<Integer, Total> totals = new TreeMap<>();
  private Sample before;
  private Judged last = NONE;

  /** Waits of one KPI in one second that were too long. */
  private static final class Late {
    private int count;
    private long longestNs;
  }

  /** What went on in one second; the values recorded are those of KPIs with an SLO. */
  private record Total(Sample sample, Map<Kpi, Long> values, long ended, long failed) {
    private long of(Kpi kpi) {
      return kpi == Kpi.GAP ? sample.open() : values.getOrDefault(kpi, 0L);
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
  @JsonNaming(SnakeCaseStrategy.class)
  public record Judged(int schema, int judged, int good, int generatorLate, List<Bad> bad) {
    /** Returns how many were good, and what happened in the worst, for readers. */
    public String sentence() {
      String worst =
          bad.isEmpty()
              ? ""
              : " The worst, at %,.0f s: %s".formatted(bad.get(0).t, bad.get(0).what);
      String left =
          generatorLate == 0
              ? ""
              : " %,d more are not judged, for the generator was late.".formatted(generatorLate);
      return "%,d of %,d seconds were good.".formatted(good, judged) + worst + left;
    }
  }

  /**
   * No second so far.
   *
   * @param limitsNs of a single wait of a KPI; the largest long if it has none. That of {@link
   *     Kpi#GENERATOR_LAG} tells the seconds that are not judged
   */
  public Seconds(Timeline timeline, ToLongFunction<Kpi> limitsNs) {
    this.timeline = timeline;
    this.limitsNs = limitsNs;
  }

  long limitNs(Kpi kpi) {
    return limitsNs.applyAsLong(kpi);
  }

  /** Counts a wait that ends now in each of the seconds in which it was too long. */
  synchronized void late(Kpi kpi, long ns) {
    double now = timeline.nowS();
    long withinNs = kpi == Kpi.GENERATOR_LAG ? 0 : limitNs(kpi);
    int from = (int) (now - Math.max(0, ns - withinNs) / NS_PER_S);
    for (int second = Math.max(0, from); second <= (int) now; second++) {
      Late waits =
          late.computeIfAbsent(second, unused -> new TreeMap<>())
              .computeIfAbsent(kpi, unused -> new Late());
      waits.count++;
      waits.longestNs = Math.max(waits.longestNs, ns);
    }
  }

  /** Takes the sample that ends a second. */
  public synchronized void onSample(Sample sample) {
    Map<Kpi, Long> values = new EnumMap<>(Kpi.class);
    sample
        .intervals()
        .forEach(
            (kpi, interval) -> {
              if (kpi != Kpi.GENERATOR_LAG && limitNs(kpi) < Long.MAX_VALUE) {
                values.put(kpi, interval.getTotalCount());
              }
            });
    long failed = sample.failed() - (before == null ? 0 : before.failed());
    long ok = sample.ok() - (before == null ? 0 : before.ok());
    before = sample.withoutIntervals();
    totals.put((int) Math.round(sample.t()) - 1, new Total(before, values, ok + failed, failed));
  }

  /** Judges the seconds between two moments of the run. */
  public synchronized Judged judge(double fromS, double toS) {
    List<Bad> bad = new ArrayList<>();
    int judged = 0;
    int generatorLate = 0;
    for (int second = (int) fromS; second < toS; second++) {
      Map<Kpi, Late> waits = late.getOrDefault(second, Map.of());
      Total total = totals.get(second);
      boolean idle = waits.isEmpty() && (total == null || total.isIdle());
      if (waits.containsKey(Kpi.GENERATOR_LAG)) {
        generatorLate++;
      } else if (!idle) {
        judged++;
        judge(second, waits, total, bad);
      }
    }
    int good = judged - bad.size();
    bad.sort(Comparator.comparingDouble(Bad::late).reversed());
    last =
        new Judged(
            JsonFile.SCHEMA,
            judged,
            good,
            generatorLate,
            List.copyOf(bad.subList(0, Math.min(BAD_MAX, bad.size()))));
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
      int count = each.getValue().count;
      long all = Math.max(count, total == null ? 0 : total.of(each.getKey()));
      if (isTooMany(count, all)) {
        worst = Math.max(worst, 100.0 * count / all);
        what.add(words(each.getKey(), each.getValue(), all));
      }
    }
    if (total != null && isTooMany(total.failed, total.ended)) {
      worst = Math.max(worst, 100.0 * total.failed / total.ended);
      what.add("%,d of %,d streams that ended had failed".formatted(total.failed, total.ended));
    }
    if (!what.isEmpty()) {
      List.of(second, second + 1).forEach(at -> around(totals.get(at), what));
      bad.add(new Bad(second, worst, String.join("; ", what) + "."));
    }
  }

  /** One in a hundred may be late, and a single one of several. */
  private static boolean isTooMany(long count, long all) {
    return count > (all < SEVERAL ? 0 : Math.max(1, all / 100));
  }

  private String words(Kpi kpi, Late waits, long all) {
    String limit = ms(limitNs(kpi));
    if (waits.longestNs <= limitNs(kpi)) {
      return String.format(
          Locale.ROOT, "%s: %,d of %,d requests failed", kpi.word(), waits.count, all);
    }
    String form =
        kpi == Kpi.GAP
            ? "%s: %,d of %,d streams stood still beyond %s, for up to %s"
            : "%s: %,d of %,d took longer than %s, up to %s";
    return String.format(
        Locale.ROOT, form, kpi.word(), waits.count, all, limit, ms(waits.longestNs));
  }

  private static String ms(long ns) {
    return String.format(Locale.ROOT, "%,d ms", Math.round(ns / NS_PER_MS));
  }

  /**
   * Adds what is known of the processes at that time: the sample may be taken in the next second.
   */
  private static void around(Total total, List<String> what) {
    if (total == null) {
      return;
    }
    total
        .sample
        .processes()
        .forEach(
            (process, figures) -> {
              String sentence =
                  figures == null
                      ? process + " did not answer"
                      : figures.gcPauseMs() < COLLECTIONS_SHOWN_MS
                          ? ""
                          : String.format(
                              Locale.ROOT,
                              "%s collected garbage for %,.0f ms",
                              process,
                              figures.gcPauseMs());
              if (!sentence.isEmpty() && !what.contains(sentence)) {
                what.add(sentence);
              }
            });
  }
}

package kpi;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;
import org.HdrHistogram.Recorder;

/**
 * A {@link Distribution} for each KPI and phase, created on first use, because a simulation records
 * only some of them. Safe for any number of recording threads.
 */
public final class Recorders {
  private final Map<Phase, Map<Kpi, Distribution>> all =
      Map.of(Phase.WARM_UP, new ConcurrentHashMap<>(), Phase.MEASURE, new ConcurrentHashMap<>());

  private final Optional<Seconds> seconds;
  private volatile ObjLongConsumer<Kpi> observer = (kpi, ns) -> {};

  /** Watches no SLO. */
  public Recorders() {
    this.seconds = Optional.empty();
  }

  /** Reports each value of the measured phase that is beyond its SLO to the seconds of the run. */
  public Recorders(Seconds seconds) {
    this.seconds = Optional.of(seconds);
  }

  /** Has each value of the measured phase observed when it ends, on the thread that records it. */
  public void observe(ObjLongConsumer<Kpi> each) {
    observer = each;
  }

  public Distribution of(Phase phase, Kpi kpi) {
    Distribution known = all.get(phase).get(kpi);
    if (known != null) {
      return known;
    }
    if (!kpi.isDistribution()) {
      throw new IllegalArgumentException(kpi + " is a single figure, not a distribution");
    }
    return all.get(phase).computeIfAbsent(kpi, unused -> distribution(phase, kpi));
  }

  private Distribution distribution(Phase phase, Kpi kpi) {
    return seconds
        .filter(unused -> phase == Phase.MEASURE)
        .map(
            all ->
                new Distribution(
                    new Recorder(1, Distribution.MAX_NS, Distribution.DIGITS),
                    all.limitNs(kpi),
                    ns -> all.late(kpi, ns),
                    ns -> observer.accept(kpi, ns)))
        .orElseGet(Distribution::new);
  }

  /**
   * Notes a stream that missed an SLO between two moments of the timeline's clock.
   *
   * @param beyondNs how far it was beyond the SLO
   */
  public void missed(Phase phase, long fromNs, long toNs, long beyondNs) {
    seconds
        .filter(unused -> phase == Phase.MEASURE)
        .ifPresent(s -> s.missed(fromNs, toNs, beyondNs));
  }

  /** Returns how many streams missed an SLO while the generator itself was late. */
  public long missedWhileLate() {
    return seconds.map(Seconds::missedWhileLate).orElse(0L);
  }

  /** Returns every recorder of a phase that was used, in the order of the catalogue. */
  public Map<Kpi, Distribution> of(Phase phase) {
    Map<Kpi, Distribution> known = new EnumMap<>(Kpi.class);
    known.putAll(all.get(phase));
    return known;
  }
}

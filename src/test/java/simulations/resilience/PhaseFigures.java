package simulations.resilience;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kpi.Distribution;
import kpi.Figure;
import kpi.Kpi;
import kpi.Percentiles;
import simulations.resilience.FaultLog.Part;
import simulations.resilience.FaultLog.Window;
import simulations.resilience.FaultedSystem.Failure;
import simulations.run.Seat.Connection;

/**
 * The figures of the phases before, during and after the faults, and of each fault. A request
 * belongs to the faults if any part of it lay between a strike and the end of its repair, else to
 * the time before the first strike or after. Computed once; then immutable.
 */
final class PhaseFigures {
  private static final double NS_PER_S = 1e9;

  /** The figures of which the largest of all faults counts; none if one fault has none. */
  static final List<Kpi> WORST =
      List.of(
          Kpi.REPAIR, Kpi.RECOVERY,
          Kpi.BACKLOG_DRAIN, Kpi.CLIENTS_BACK,
          Kpi.HERD_SPREAD, Kpi.HERD_PEAK);

  private final FaultLog log;
  private final List<Window> windows;
  private final Aftermath.Evidence evidence;
  private final long fromNs;
  private final long toNs;
  private final List<Failure> failures;
  private final List<Aftermath> aftermaths = new ArrayList<>();

  /**
   * @param fromNs when all users were there
   * @param toNs when nothing new began
   */
  PhaseFigures(FaultLog log, Aftermath.Evidence evidence, long fromNs, long toNs) {
    this.log = log;
    this.windows = log.windows();
    this.evidence = evidence;
    this.fromNs = fromNs;
    this.toNs = toNs;
    this.failures = evidence.failures().stream().filter(each -> each.returnNs() >= fromNs).toList();
    for (Window window : windows) {
      Aftermath found = evidence.of(window, nextNs(window));
      found.moments().forEach((moment, atNs) -> log.found(window, moment, atNs));
      aftermaths.add(found);
    }
  }

  private long nextNs(Window window) {
    return windows.stream()
        .mapToLong(Window::struckNs)
        .filter(struckNs -> struckNs >= window.healedNs())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Returns what came of each fault, in the order of their strikes. */
  List<Aftermath> aftermaths() {
    return List.copyOf(aftermaths);
  }

  /** Returns the answers of a phase that may not be slower than those of another. */
  Percentiles compared(Part part) {
    return percentiles(Kpi.BID_DUE, evidence.observed().compared(part));
  }

  long failed(Part part) {
    return failures(part).count();
  }

  private Stream<Failure> failures(Part part) {
    return failures.stream().filter(each -> log.part(each.callNs(), each.returnNs()) == part);
  }

  /**
   * Returns the failures that no fault touched which excuses them, nor the time after its repair.
   */
  List<Failure> unexplained(long aftermathNs) {
    return failures.stream()
        .filter(
            each ->
                windows.stream()
                    .filter(window -> window.strike().what().excuses())
                    .noneMatch(
                        window -> window.overlaps(each.callNs() - aftermathNs, each.returnNs())))
        .toList();
  }

  /** Returns how many requests were answered or failed. */
  long requests(Part part) {
    return evidence.observed().answers(part) + failed(part);
  }

  List<List<Connection>> users() {
    return evidence.users();
  }

  Map<String, Percentiles> distributions() {
    Map<String, Percentiles> all = new LinkedHashMap<>();
    for (Part part : Part.values()) {
      evidence
          .observed()
          .values(part)
          .forEach((kpi, values) -> all.put(part.prefix() + kpi.word(), percentiles(kpi, values)));
      Distribution refused = refusals(part);
      if (refused.sum().count() > 0) {
        all.put(part.prefix() + Kpi.REFUSAL.word(), percentiles(Kpi.REFUSAL, refused));
      }
    }
    return all;
  }

  /** Returns the waits of a phase's requests that failed without an answer. */
  Distribution refusals(Part part) {
    Distribution refused = new Distribution();
    failures(part)
        .filter(Failure::unanswered)
        .forEach(each -> refused.record(each.returnNs() - each.callNs()));
    return refused;
  }

  private static Percentiles percentiles(Kpi kpi, Distribution values) {
    var unused = values.rotate();
    return Percentiles.of(kpi, values);
  }

  /** Returns the figures of each phase, and the worst of all faults. */
  Map<String, Figure> figures() {
    Map<String, Figure> all = new LinkedHashMap<>();
    for (Part part : Part.values()) {
      double seconds = spans(part).stream().mapToDouble(span -> span[1] - span[0]).sum() / NS_PER_S;
      long requests = requests(part);
      if (seconds > 0) {
        put(all, part.prefix(), Kpi.REQUESTS_PER_S, requests / seconds);
        put(all, part.prefix(), Kpi.CLIENTS_PRESENT, presentS(part) / seconds);
      }
      if (requests > 0) {
        put(all, part.prefix(), Kpi.ERROR_RATE, 100.0 * failed(part) / requests);
      }
    }
    all.putAll(worst(aftermaths));
    return all;
  }

  static Map<String, Figure> worst(List<Aftermath> aftermaths) {
    Map<String, Figure> all = new LinkedHashMap<>();
    List<Aftermath> herds =
        aftermaths.stream().filter(each -> each.figures().get(Kpi.HERD_PEAK) > 0).toList();
    for (Kpi kpi : WORST) {
      List<Double> found =
          (kpi == Kpi.HERD_SPREAD ? herds : aftermaths)
              .stream().map(each -> each.figures().get(kpi)).toList();
      if (!found.isEmpty() && !found.contains(null)) {
        put(all, "", kpi, Collections.max(found));
      }
    }
    aftermaths.stream()
        .flatMap(each -> Stream.ofNullable(each.figures().get(Kpi.FIRST_ERROR)))
        .min(Comparator.naturalOrder())
        .ifPresent(least -> put(all, "", Kpi.FIRST_ERROR, least));
    return all;
  }

  private static void put(Map<String, Figure> all, String prefix, Kpi kpi, double value) {
    all.put(prefix + kpi.word(), Figure.of(kpi, value));
  }

  /** Returns the stretches of a phase, from and to in nanoseconds; faults that overlap are one. */
  private List<long[]> spans(Part part) {
    List<long[]> during = new ArrayList<>();
    List<long[]> others = new ArrayList<>();
    long atNs = fromNs;
    for (Window window : windows) {
      others.add(new long[] {atNs, Math.max(atNs, window.struckNs())});
      long endNs = Math.min(toNs, window.healedNs());
      during.add(new long[] {Math.max(atNs, window.struckNs()), Math.max(atNs, endNs)});
      atNs = Math.max(atNs, endNs);
    }
    others.add(new long[] {atNs, Math.max(atNs, toNs)});
    return switch (part) {
      case BEFORE -> others.subList(0, 1);
      case DURING -> during;
      case AFTER -> others.subList(1, others.size());
    };
  }

  private double presentS(Part part) {
    double sum = 0;
    for (long[] span : spans(part)) {
      for (List<Connection> user : evidence.users()) {
        for (Connection each : user) {
          if (each.isConnected()) {
            long from = Math.max(span[0], each.connectedNs());
            sum += Math.max(0, Math.min(span[1], each.endedNs()) - from);
          }
        }
      }
    }
    return sum / NS_PER_S;
  }
}

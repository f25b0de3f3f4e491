package simulations.resilience;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import kpi.Kpi;
import simulations.resilience.FaultLog.Window;
import simulations.resilience.FaultedSystem.Failure;
import simulations.resilience.Observed.Pulse;
import simulations.run.Seat;
import simulations.run.Seat.Connection;

/**
 * What came of one fault.
 *
 * @param figures of the catalogue; one that never happened is absent. The service was there again
 *     at the end of what began after the last request that failed of those that began after the
 *     repair; clients are back at once if none was cut off, and have no spread then.
 * @param slowestMs the longest wait for an answer or a failure; empty if no request was under way
 * @param moments that were found, in monotonic nanoseconds
 */
record Aftermath(
    Window window, Map<Kpi, Double> figures, OptionalDouble slowestMs, Map<String, Long> moments) {
  private static final double NS_PER_S = 1e9;
  private static final long SECOND_NS = 1_000_000_000;
  private static final long NEVER = Seat.NEVER;

  /** What was seen of the load, all of it in monotonic nanoseconds. */
  record Evidence(
      List<Failure> failures,
      Observed observed,
      List<List<Connection>> users,
      Optional<Backlog> backlog) {
    /** Attributes to a fault what followed it, until the next one struck. */
    Aftermath of(Window window, long nextNs) {
      List<Failure> own =
          failures.stream()
              .filter(each -> each.returnNs() >= window.struckNs() && each.returnNs() < nextNs)
              .toList();
      // What began before the repair may fail long after it, by its own time-out.
      long soundNs =
          own.stream()
              .filter(each -> each.callNs() >= window.healingNs())
              .mapToLong(Failure::returnNs)
              .max()
              .orElse(window.healingNs());
      List<Long> back = new ArrayList<>();
      List<Long> requested = new ArrayList<>();
      users.forEach(each -> reconnections(each, window, nextNs, back, requested));
      long backNs = back.stream().mapToLong(Long::longValue).max().orElse(window.healingNs());
      long firstErrorNs = least(own.stream().mapToLong(Failure::returnNs));
      long recoveredNs = recoveredNs(soundNs, nextNs);
      long drainedNs =
          backlog.map(b -> b.drainedNs(window.healingNs()).orElse(NEVER)).orElse(NEVER);
      Map<String, Long> moments = new LinkedHashMap<>();
      moments.put("first_error", firstErrorNs);
      moments.put("recovered", recoveredNs);
      moments.put("drained", drainedNs);
      moments.put("clients_back", back.isEmpty() ? NEVER : backNs);
      moments.values().removeIf(atNs -> atNs == NEVER);
      Map<Kpi, Double> figures = new EnumMap<>(Kpi.class);
      long healedNs = window.healedNs();
      putS(figures, Kpi.FIRST_ERROR, window.struckNs(), firstErrorNs);
      putS(figures, Kpi.REPAIR, window.healingNs(), healedNs);
      putS(figures, Kpi.RECOVERY, healedNs, Math.max(healedNs, recoveredNs));
      putS(figures, Kpi.BACKLOG_DRAIN, healedNs, Math.max(healedNs, drainedNs));
      putS(figures, Kpi.CLIENTS_BACK, healedNs, Math.max(healedNs, backNs));
      putS(figures, Kpi.HERD_SPREAD, least(back.stream().mapToLong(Long::longValue)), backNs);
      figures.put(Kpi.HERD_PEAK, peak(requested));
      return new Aftermath(window, figures, slowestMs(window, own), moments);
    }

    private long recoveredNs(long soundNs, long nextNs) {
      return least(
          observed.pulses().stream()
              .filter(each -> each.fromNs() >= soundNs && each.fromNs() < nextNs)
              .mapToLong(Pulse::toNs));
    }

    private OptionalDouble slowestMs(Window window, List<Failure> own) {
      LongStream waits =
          own.stream()
              .filter(Failure::unanswered)
              .mapToLong(each -> each.returnNs() - each.callNs());
      OptionalDouble failed = waits.mapToDouble(ns -> ns / 1e6).max();
      OptionalDouble answered = observed.slowestMs(window);
      return failed.isEmpty() || answered.orElse(0) > failed.getAsDouble() ? answered : failed;
    }
  }

  /** Adds when a client that a fault has cut off was back, and every connection it requested. */
  private static void reconnections(
      List<Connection> user, Window window, long nextNs, List<Long> back, List<Long> requested) {
    boolean cut = false;
    boolean isBack = false;
    for (Connection each : user) {
      if (cut && !isBack) {
        requested.add(each.requestedNs());
        isBack = each.isConnected();
        if (isBack) {
          back.add(each.connectedNs());
        }
      }
      cut |= each.lost() && each.endedNs() >= window.struckNs() && each.endedNs() < nextNs;
    }
    if (cut && !isBack) {
      back.add(NEVER);
    }
  }

  private static double peak(List<Long> requested) {
    List<Long> sorted = requested.stream().sorted().toList();
    int peak = 0;
    int from = 0;
    for (int to = 0; to < sorted.size(); to++) {
      while (sorted.get(to) - sorted.get(from) >= SECOND_NS) {
        from++;
      }
      peak = Math.max(peak, to - from + 1);
    }
    return peak;
  }

  private static long least(LongStream times) {
    return times.min().orElse(NEVER);
  }

  /** Puts a time in seconds, unless one of its ends never came. */
  private static void putS(Map<Kpi, Double> figures, Kpi kpi, long fromNs, long toNs) {
    if (fromNs != NEVER && toNs != NEVER) {
      figures.put(kpi, (toNs - fromNs) / NS_PER_S);
    }
  }
}

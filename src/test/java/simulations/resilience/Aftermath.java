package simulations.resilience;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import simulations.resilience.FaultLog.Window;
import simulations.resilience.FaultedSystem.Failure;
import simulations.resilience.Observed.Pulse;
import simulations.run.Seat;
import simulations.run.Seat.Connection;

/**
 * What came of one fault; times in seconds, empty if it never happened.
 *
 * @param repair from the start of the repair until the part answered
 * @param recovery from the end of the repair, as the next two, until the service was there: to the
 *     end of what began after the last request that failed of those that began after the repair
 * @param drain until what is behind the service had caught up
 * @param back until every client that was cut off is connected; 0 if none was
 * @param herdSpread first to last reconnection; empty if none was cut off, or one is not back
 * @param herdPeak most reconnections requested within a second
 * @param slowestMs the longest wait for an answer or a failure; empty if no request was under way
 * @param moments that were found, in monotonic nanoseconds
 */
record Aftermath(
    Window window,
    OptionalDouble firstError,
    OptionalDouble repair,
    OptionalDouble recovery,
    OptionalDouble drain,
    OptionalDouble back,
    OptionalDouble herdSpread,
    double herdPeak,
    OptionalDouble slowestMs,
    Map<String, Long> moments) {
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
      Map<String, Long> moments = new LinkedHashMap<>();
      moments.put("first_error", least(own.stream().mapToLong(Failure::returnNs)));
      moments.put("recovered", recoveredNs(soundNs, nextNs));
      moments.put(
          "drained", backlog.map(b -> b.drainedNs(window.healingNs()).orElse(NEVER)).orElse(NEVER));
      moments.put("clients_back", back.isEmpty() ? NEVER : backNs);
      OptionalDouble firstError = seconds(window.struckNs(), moments.get("first_error"));
      moments.values().removeIf(atNs -> atNs == NEVER);
      return new Aftermath(
          window,
          firstError,
          seconds(window.healingNs(), window.healedNs()),
          after(window, moments.getOrDefault("recovered", NEVER)),
          after(window, moments.getOrDefault("drained", NEVER)),
          after(window, backNs),
          seconds(least(back.stream().mapToLong(Long::longValue)), backNs),
          peak(requested),
          slowestMs(window, own),
          moments);
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

  /** Returns the time since the part was there again; 0 for what happened before. */
  private static OptionalDouble after(Window window, long atNs) {
    return seconds(window.healedNs(), Math.max(window.healedNs(), atNs));
  }

  private static OptionalDouble seconds(long fromNs, long toNs) {
    return fromNs == NEVER || toNs == NEVER
        ? OptionalDouble.empty()
        : OptionalDouble.of((toNs - fromNs) / NS_PER_S);
  }
}

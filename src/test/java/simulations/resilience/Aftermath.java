package simulations.resilience;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionItem.Failure;
import simulations.auction.AuctionRecorder;
import simulations.resilience.FaultLog.Window;
import verdict.BidOperation;

/**
 * What came of one fault; times in seconds, empty if it never happened.
 *
 * @param recovery from the start of the repair, as the others, to the last failed request, or to
 *     the first decided one if that is later
 * @param drain until every bid accepted a second ago is archived
 * @param back until every viewer that was cut off is connected; 0 if none was
 * @param herdSpread first to last reconnection
 * @param herdPeak most reconnections requested within a second
 * @param slowestMs the longest wait of a failed request
 * @param moments that were found, in monotonic nanoseconds
 */
record Aftermath(
    Window window,
    OptionalDouble firstError,
    OptionalDouble recovery,
    OptionalDouble drain,
    OptionalDouble back,
    OptionalDouble herdSpread,
    double herdPeak,
    double slowestMs,
    Map<String, Long> moments) {
  private static final double NS_PER_S = 1e9;
  private static final long SECOND_NS = 1_000_000_000;
  private static final long NEVER = Long.MAX_VALUE;

  /**
   * What the load saw, all of it in monotonic nanoseconds.
   *
   * @param operations requests that were answered
   */
  record Evidence(
      AuctionItem item, List<BidOperation> operations, List<Seat> seats, List<Backlog.Look> looks) {
    /** Attributes to a fault what followed it, until the next one struck. */
    Aftermath of(Window window, long nextNs) {
      List<Failure> failures =
          item.failures().stream()
              .filter(each -> each.returnNs() >= window.struckNs() && each.callNs() < nextNs)
              .toList();
      long decidedNs =
          least(
              operations.stream()
                  .filter(each -> each.callNs() >= window.healingNs() && each.callNs() < nextNs)
                  .mapToLong(BidOperation::returnNs));
      long lastNs = failures.stream().mapToLong(Failure::returnNs).max().orElse(decidedNs);
      List<Long> back = new ArrayList<>();
      List<Long> requested = new ArrayList<>();
      seats.forEach(seat -> reconnections(seat, window, nextNs, back, requested));
      long backNs = back.stream().mapToLong(Long::longValue).max().orElse(window.healingNs());
      Map<String, Long> moments = new LinkedHashMap<>();
      moments.put("first_error", least(failures.stream().mapToLong(Failure::returnNs)));
      moments.put("recovered", Math.max(decidedNs, lastNs));
      moments.put("drained", drainedNs(window));
      moments.put("viewers_back", backNs);
      OptionalDouble firstError = seconds(window.struckNs(), moments.get("first_error"));
      moments.values().removeIf(atNs -> atNs == NEVER);
      return new Aftermath(
          window,
          firstError,
          seconds(window.healingNs(), moments.getOrDefault("recovered", NEVER)),
          seconds(window.healingNs(), moments.getOrDefault("drained", NEVER)),
          seconds(window.healingNs(), backNs),
          seconds(least(back.stream().mapToLong(Long::longValue)), backNs),
          peak(requested),
          failures.stream()
              .mapToDouble(each -> (each.returnNs() - each.callNs()) / 1e6)
              .max()
              .orElse(0),
          moments);
    }

    /** Returns the first look after the repair that found the archive a second behind or less. */
    private long drainedNs(Window window) {
      int behind = 0;
      long acceptedBefore = 0;
      for (Backlog.Look look : looks) {
        while (looks.get(behind).atNs() <= look.atNs() - SECOND_NS) {
          acceptedBefore = looks.get(behind++).accepted();
        }
        if (look.atNs() >= window.healingNs() && look.archived() >= acceptedBefore) {
          return look.atNs();
        }
      }
      return NEVER;
    }
  }

  /** Adds when a viewer that a fault has cut off was back, and every connection it requested. */
  private static void reconnections(
      Seat seat, Window window, long nextNs, List<Long> back, List<Long> requested) {
    boolean cut = false;
    boolean isBack = false;
    for (AuctionRecorder each : seat.connections()) {
      if (cut && !isBack) {
        requested.add(each.requestedNs());
        isBack = each.isConnected();
        if (isBack) {
          back.add(each.connectedNs());
        }
      }
      boolean lost = each.isConnected() && !each.survived();
      cut |= lost && each.endedNs() >= window.struckNs() && each.endedNs() < nextNs;
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

  private static OptionalDouble seconds(long fromNs, long toNs) {
    return fromNs == NEVER || toNs == NEVER
        ? OptionalDouble.empty()
        : OptionalDouble.of((toNs - fromNs) / NS_PER_S);
  }
}

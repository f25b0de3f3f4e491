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
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;

/**
 * What came of one fault; times in seconds, empty if it never happened.
 *
 * @param recovery from the end of the repair, as the others, to the first bid that was decided
 *     after the last failed request
 * @param drain until every bid accepted a second ago is archived
 * @param back until every viewer that was cut off is connected; 0 if none was
 * @param herdSpread first to last reconnection; empty if none was cut off, or one is not back
 * @param herdPeak most reconnections requested within a second
 * @param slowestMs the longest wait for an answer or a failure; empty if no request was under way
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
    OptionalDouble slowestMs,
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
              .filter(each -> each.returnNs() >= window.struckNs() && each.returnNs() < nextNs)
              .toList();
      long lastNs = failures.stream().mapToLong(Failure::returnNs).max().orElse(Long.MIN_VALUE);
      long soundNs = Math.max(window.healingNs(), lastNs);
      long recoveredNs =
          least(
              operations.stream()
                  .filter(each -> !(each instanceof Read))
                  .filter(each -> each.callNs() >= soundNs && each.callNs() < nextNs)
                  .mapToLong(BidOperation::returnNs));
      List<Long> back = new ArrayList<>();
      List<Long> requested = new ArrayList<>();
      seats.forEach(seat -> reconnections(seat, window, nextNs, back, requested));
      long backNs = back.stream().mapToLong(Long::longValue).max().orElse(window.healingNs());
      Map<String, Long> moments = new LinkedHashMap<>();
      moments.put("first_error", least(failures.stream().mapToLong(Failure::returnNs)));
      moments.put("recovered", recoveredNs);
      moments.put("drained", drainedNs(window));
      moments.put("viewers_back", back.isEmpty() ? NEVER : backNs);
      OptionalDouble firstError = seconds(window.struckNs(), moments.get("first_error"));
      moments.values().removeIf(atNs -> atNs == NEVER);
      return new Aftermath(
          window,
          firstError,
          after(window, moments.getOrDefault("recovered", NEVER)),
          after(window, moments.getOrDefault("drained", NEVER)),
          after(window, backNs),
          seconds(least(back.stream().mapToLong(Long::longValue)), backNs),
          peak(requested),
          slowestMs(window, failures),
          moments);
    }

    private OptionalDouble slowestMs(Window window, List<Failure> failures) {
      LongStream answered =
          operations.stream()
              .filter(each -> window.overlaps(each.callNs(), each.returnNs()))
              .mapToLong(each -> each.returnNs() - each.callNs());
      LongStream failed = failures.stream().mapToLong(each -> each.returnNs() - each.callNs());
      return LongStream.concat(answered, failed).mapToDouble(ns -> ns / 1e6).max();
    }

    /** Returns the first look after the repair that found the archive a second behind or less. */
    private long drainedNs(Window window) {
      return looks.stream()
          .filter(look -> look.atNs() >= window.healingNs())
          .filter(look -> look.archived() >= acceptedUntil(look.atNs() - SECOND_NS))
          .mapToLong(Backlog.Look::atNs)
          .findFirst()
          .orElse(NEVER);
    }

    private long acceptedUntil(long atNs) {
      return operations.stream()
          .filter(each -> each instanceof Accepted && each.returnNs() <= atNs)
          .count();
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

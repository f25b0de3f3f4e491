package simulations.resilience;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import kpi.Distribution;
import kpi.Figure;
import kpi.Kpi;
import kpi.Percentiles;
import kpi.Stages;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionRecorder;
import simulations.resilience.FaultLog.Window;
import verdict.BidOperation;

/**
 * The figures of the phases before, during and after the faults, and of each fault. A request
 * belongs to the faults if any part of it lay between a strike and the end of its repair, else to
 * the time before the first strike or after. Computed once; then immutable.
 */
final class PhaseFigures {
  private static final double NS_PER_S = 1e9;

  enum Part {
    BEFORE,
    DURING,
    AFTER;

    String prefix() {
      return Stages.prefix(name().toLowerCase(Locale.ROOT));
    }
  }

  private final List<Window> windows;
  private final AuctionItem item;
  private final List<BidOperation> operations;
  private final List<Seat> seats;
  private final long fromNs;
  private final long toNs;
  private final Map<Part, Map<Kpi, Distribution>> values = new EnumMap<>(Part.class);

  /** The answers to bids, accepted or rejected. */
  private final Map<Part, Distribution> answers = new EnumMap<>(Part.class);

  private final Map<Part, int[]> counts = new EnumMap<>(Part.class);
  private final List<Aftermath> aftermaths = new ArrayList<>();

  /**
   * @param fromNs when all users were there
   */
  PhaseFigures(
      FaultLog log, AuctionItem item, List<Seat> seats, List<Backlog.Look> looks, long fromNs) {
    this.windows = log.windows();
    this.item = item;
    this.operations =
        item.operations().stream().filter(each -> each.returnNs() != Long.MAX_VALUE).toList();
    this.seats = seats;
    this.fromNs = fromNs;
    this.toNs = operations.stream().mapToLong(BidOperation::returnNs).max().orElse(fromNs);
    for (Part part : Part.values()) {
      values.put(part, new EnumMap<>(Kpi.class));
      answers.put(part, new Distribution());
      counts.put(part, new int[2]);
    }
    operations.forEach(this::add);
    item.failures().stream()
        .filter(each -> each.returnNs() >= fromNs)
        .forEach(each -> counts.get(part(each.callNs(), each.returnNs()))[1]++);
    seats.forEach(seat -> seat.connections().forEach(this::add));
    Aftermath.Evidence evidence = new Aftermath.Evidence(item, operations, seats, looks);
    for (Window window : windows) {
      long nextNs =
          windows.stream()
              .mapToLong(Window::struckNs)
              .filter(struckNs -> struckNs >= window.healedNs())
              .min()
              .orElse(Long.MAX_VALUE);
      Aftermath found = evidence.of(window, nextNs);
      found.moments().forEach((moment, atNs) -> log.found(window, moment, atNs));
      aftermaths.add(found);
    }
  }

  private Part part(long callNs, long returnNs) {
    if (windows.stream().anyMatch(each -> each.overlaps(callNs, returnNs))) {
      return Part.DURING;
    }
    boolean before = windows.isEmpty() || returnNs < windows.get(0).struckNs();
    return before ? Part.BEFORE : Part.AFTER;
  }

  private void add(BidOperation operation) {
    if (operation.callNs() < fromNs) {
      return;
    }
    Part part = part(operation.callNs(), operation.returnNs());
    counts.get(part)[0]++;
    Kpi kpi =
        operation instanceof BidOperation.Accepted
            ? Kpi.BID_ACCEPTED
            : operation instanceof BidOperation.Rejected ? Kpi.BID_REJECTED : Kpi.BID_READ;
    long tookNs = operation.returnNs() - operation.callNs();
    record(part, kpi, tookNs);
    if (kpi != Kpi.BID_READ) {
      answers.get(part).record(tookNs);
    }
  }

  private void add(AuctionRecorder connection) {
    if (connection.isConnected()) {
      long tookNs = connection.connectedNs() - connection.requestedNs();
      record(part(connection.requestedNs(), connection.connectedNs()), Kpi.CONNECT, tookNs);
    }
    connection.lags(
        (cents, lagUs) -> {
          long dueNs = item.dueNs(cents);
          if (dueNs >= fromNs) {
            record(part(dueNs, dueNs + lagUs * 1_000L), Kpi.BROADCAST_LAG, lagUs * 1_000L);
          }
        });
  }

  private void record(Part part, Kpi kpi, long ns) {
    values.get(part).computeIfAbsent(kpi, any -> new Distribution()).record(ns);
  }

  /** Returns what came of each fault, in the order of their strikes. */
  List<Aftermath> aftermaths() {
    return List.copyOf(aftermaths);
  }

  /** Returns the 95th percentile of a phase's answers to bids in ms; empty if it has too few. */
  OptionalDouble answerP95(Part part) {
    Distribution all = answers.get(part);
    var unused = all.rotate();
    return Percentiles.of(Kpi.BID_DUE, all).stat("p95");
  }

  long failed(Part part) {
    return counts.get(part)[1];
  }

  /** Returns how many requests were answered or failed. */
  long requests(Part part) {
    return (long) counts.get(part)[0] + counts.get(part)[1];
  }

  /** Returns the distributions of each phase. */
  Map<String, Percentiles> distributions() {
    Map<String, Percentiles> all = new LinkedHashMap<>();
    values.forEach(
        (part, kpis) ->
            kpis.forEach(
                (kpi, distribution) -> {
                  var unused = distribution.rotate();
                  all.put(part.prefix() + kpi.word(), Percentiles.of(kpi, distribution));
                }));
    return all;
  }

  /** Returns the figures of each phase, and the worst of all faults. */
  Map<String, Figure> figures() {
    Map<String, Figure> all = new LinkedHashMap<>();
    for (Part part : Part.values()) {
      double seconds = spans(part).stream().mapToDouble(span -> span[1] - span[0]).sum() / NS_PER_S;
      long requests = requests(part);
      if (seconds > 0) {
        put(all, part.prefix(), Kpi.REQUESTS_PER_S, requests / seconds);
        put(all, part.prefix(), Kpi.VIEWERS_PRESENT, presentS(part) / seconds);
      }
      if (requests > 0) {
        put(all, part.prefix(), Kpi.ERROR_RATE, 100.0 * failed(part) / requests);
      }
    }
    most(all, Kpi.RECOVERY, aftermaths, Aftermath::recovery);
    most(all, Kpi.BACKLOG_DRAIN, aftermaths, Aftermath::drain);
    most(all, Kpi.VIEWERS_BACK, aftermaths, Aftermath::back);
    List<Aftermath> herds = aftermaths.stream().filter(each -> each.herdPeak() > 0).toList();
    most(all, Kpi.HERD_SPREAD, herds, Aftermath::herdSpread);
    most(all, Kpi.HERD_PEAK, aftermaths, each -> OptionalDouble.of(each.herdPeak()));
    aftermaths.stream()
        .flatMapToDouble(each -> each.firstError().stream())
        .min()
        .ifPresent(least -> put(all, "", Kpi.FIRST_ERROR, least));
    return all;
  }

  /** Adds the largest of some faults; none if one of them has no such figure. */
  private static void most(
      Map<String, Figure> all,
      Kpi kpi,
      List<Aftermath> faults,
      Function<Aftermath, OptionalDouble> figure) {
    if (faults.stream().noneMatch(each -> figure.apply(each).isEmpty())) {
      faults.stream()
          .mapToDouble(each -> figure.apply(each).getAsDouble())
          .max()
          .ifPresent(most -> put(all, "", kpi, most));
    }
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
      for (Seat seat : seats) {
        for (AuctionRecorder each : seat.connections()) {
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

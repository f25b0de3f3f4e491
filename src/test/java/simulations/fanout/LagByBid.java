package simulations.fanout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import kpi.Median;
import kpi.Percentiles;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionRecorder;

/**
 * The lags of a step by bid: ten bids to ten thousand viewers are ten samples, not a hundred
 * thousand, for the lags of one bid are not independent. So each bid is taken by itself first, and
 * then the median and the worst over the bids.
 *
 * <p>Percentiles are nearest ranks of exact values.
 */
final class LagByBid {
  /** Two points always lie on a line; a third can contradict. */
  static final int GROWTH_STEPS = 3;

  private final List<int[]> bids = new ArrayList<>();
  private final int viewers;

  /** Returns the lags of every accepted bid that at least one viewer received. */
  static LagByBid of(AuctionItem item) {
    List<AuctionRecorder> viewers = item.viewers();
    long[] accepted = item.ledger().cents();
    int[][] lagsUs = new int[accepted.length][viewers.size()];
    for (int viewer = 0; viewer < viewers.size(); viewer++) {
      int each = viewer;
      viewers
          .get(viewer)
          .lags(
              (cents, lagUs) -> {
                int bid = Arrays.binarySearch(accepted, cents);
                if (bid >= 0 && lagsUs[bid][each] == 0) {
                  lagsUs[bid][each] = lagUs;
                }
              });
    }
    LagByBid lags = new LagByBid(viewers.size());
    Arrays.stream(lagsUs).forEach(lags::add);
    return lags;
  }

  LagByBid(int viewers) {
    this.viewers = viewers;
  }

  /**
   * Returns k of a law {@code lag = a n^k} for n viewers, fitted to steps by least squares on
   * logarithms; empty for fewer than {@value #GROWTH_STEPS} steps, for one n only, or if a number
   * is not above 0.
   */
  static OptionalDouble growth(double[] viewers, double[] lags) {
    double[] x = DoubleStream.of(viewers).map(Math::log).toArray();
    double[] y = DoubleStream.of(lags).map(Math::log).toArray();
    double meanX = DoubleStream.of(x).average().orElse(0);
    double spread = DoubleStream.of(x).map(each -> (each - meanX) * (each - meanX)).sum();
    double common = 0;
    for (int at = 0; at < x.length; at++) {
      common += (x[at] - meanX) * y[at];
    }
    // A logarithm of what is not above 0 makes this no number.
    double k = common / spread;
    boolean known = x.length >= GROWTH_STEPS && spread > 1e-9 && Double.isFinite(k);
    return known ? OptionalDouble.of(k) : OptionalDouble.empty();
  }

  /** Adds the lags of a bid at its viewers in microseconds; 0 for one that did not see it. */
  void add(int[] lagsUs) {
    int[] seen = Arrays.stream(lagsUs).filter(lag -> lag > 0).sorted().toArray();
    if (seen.length > 0) {
      bids.add(seen);
    }
  }

  /** Returns a percentile of all lags in ms; empty if there are too few. */
  OptionalDouble overall(double percentile) {
    int[] all = bids.stream().flatMapToInt(Arrays::stream).sorted().toArray();
    return all.length < Percentiles.needed(percentile)
        ? OptionalDouble.empty()
        : OptionalDouble.of(rank(all, percentile) / 1e3);
  }

  /**
   * Returns the median over the bids of each bid's percentile in ms, 100 for the last viewer; empty
   * if a bid has too few viewers for it.
   */
  OptionalDouble median(double percentile) {
    return Median.of(each(percentile));
  }

  /** Returns the same of the worst bid. */
  OptionalDouble worst(double percentile) {
    return each(percentile).max();
  }

  private DoubleStream each(double percentile) {
    return percentile < 100 && viewers < Percentiles.needed(percentile)
        ? DoubleStream.empty()
        : bids.stream().mapToDouble(sorted -> rank(sorted, percentile) / 1e3);
  }

  /** Returns the nearest rank of sorted values. */
  static int rank(int[] sorted, double percentile) {
    int rank = (int) Math.ceil(percentile / 100 * sorted.length);
    return sorted[Math.min(Math.max(1, rank), sorted.length) - 1];
  }
}

package simulations.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static simulations.run.Answers.assertAnswer;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kpi.Kpi;
import kpi.ProcessSample;
import kpi.Sample;
import org.junit.jupiter.api.Test;

/** Lags of bids, each over its viewers, then over the bids. */
class LagByBidTest {
  @Test
  void a_bid_is_one_sample_however_many_see_it() {
    LagByBid lags = new LagByBid(1_000);
    lags.add(IntStream.rangeClosed(1, 1_000).toArray());
    lags.add(IntStream.rangeClosed(2_001, 3_000).toArray());
    lags.add(IntStream.rangeClosed(90_001, 91_000).toArray());
    assertAnswer(lags.median(50).orElseThrow(), Kpi.BROADCAST_LAG_P50_BY_BID_MEDIAN, 2.5);
    assertAnswer(lags.median(99).orElseThrow(), Kpi.BROADCAST_LAG_P99_BY_BID_MEDIAN, 2.99);
    assertAnswer(lags.median(100).orElseThrow(), Kpi.BROADCAST_LAG_LAST_BY_BID_MEDIAN, 3);
    assertAnswer(lags.worst(50).orElseThrow(), Kpi.BROADCAST_LAG_P50_BY_BID_WORST, 90.5);
    assertAnswer(lags.worst(99).orElseThrow(), Kpi.BROADCAST_LAG_P99_BY_BID_WORST, 90.99);
    assertAnswer(lags.worst(100).orElseThrow(), Kpi.BROADCAST_LAG_LAST_BY_BID_WORST, 91);
    assertAnswer(lags.overall(50).orElseThrow(), Kpi.STEP_LAG_P50, 2.5);
    assertAnswer(lags.overall(99).orElseThrow(), Kpi.STEP_LAG_P99, 90.97);
  }

  @Test
  void twice_the_lag_for_four_times_the_viewers_grows_as_the_root() {
    double[] viewers = {10, 40, 160};
    assertAnswer(growth(viewers, 1, 2, 4), Kpi.LAG_GROWTH_EXPONENT, 0.5);
    // On logarithms to base 2: (1, 1), (2, 1), (3, 3); slope 2/2 = 1.
    assertAnswer(growth(new double[] {2, 4, 8}, 2, 2, 8), Kpi.LAG_GROWTH_EXPONENT, 1);
    assertThat(growth(viewers, 1, 0, 3)).as("a step without a lag").isNaN();
    assertThat(growth(viewers, 1, Double.NaN, 3)).isNaN();
    assertThat(growth(new double[] {5, 5, 5}, 1, 2, 3)).isNaN();
    assertThat(growth(new double[] {1, 2}, 1, 2)).as("two steps").isNaN();
  }

  @Test
  void memory_of_a_viewer_is_of_all_growth_since_the_run_began() {
    List<Sample> samples =
        IntStream.of(20, 50, 40, 30).mapToObj(mb -> sample(mb == 50 ? 5 : 10, mb)).toList();
    double kb = FanOutLoad.rssPerViewerKb(samples, "broadcast", 6, 1_000).orElseThrow();
    assertAnswer(kb, Kpi.RSS_PER_VIEWER, 20);
    assertThat(FanOutLoad.rssPerViewerKb(samples, "broadcast", 11, 1_000)).isEmpty();
    assertThat(FanOutLoad.rssPerViewerKb(samples, "bids", 6, 1_000)).isEmpty();
  }

  private static double growth(double[] viewers, double... lags) {
    return LagByBid.growth(viewers, lags).orElse(Double.NaN);
  }

  private static Sample sample(double t, long mb) {
    ProcessSample process = new ProcessSample(1, 0, mb * 1_000_000, 0, 0, 9, 9, 0, -1L, -1L, -1L);
    return new Sample(t, "hold", 0, 0, 0, 0, 0, 0, Map.of(), Map.of("broadcast", process));
  }

  @Test
  void viewers_that_did_not_see_it_do_not_make_it_fast() {
    LagByBid lags = new LagByBid(4);
    lags.add(new int[] {0, 4_000, 0, 6_000});
    lags.add(new int[] {0, 0, 0, 0});
    assertThat(lags.median(100)).hasValue(6);
  }

  @Test
  void a_percentile_needs_its_viewers() {
    LagByBid lags = new LagByBid(999);
    lags.add(IntStream.rangeClosed(1, 999).toArray());
    assertThat(lags.median(99)).isEmpty();
    assertThat(lags.median(50)).isPresent();
    assertThat(new LagByBid(1_000).worst(99)).isEmpty();
  }

  @Test
  void the_median_of_an_even_number_lies_between_two() {
    LagByBid lags = new LagByBid(1);
    lags.add(new int[] {1_000});
    lags.add(new int[] {4_000});
    assertThat(lags.median(100)).hasValue(2.5);
  }
}

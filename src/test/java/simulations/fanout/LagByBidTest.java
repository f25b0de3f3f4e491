package simulations.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lags of bids, each over its viewers, then over the bids. */
class LagByBidTest {
  @Test
  void a_bid_is_one_sample_however_many_see_it() {
    LagByBid lags = new LagByBid(1_000);
    lags.add(IntStream.rangeClosed(1, 1_000).toArray());
    lags.add(IntStream.rangeClosed(2_001, 3_000).toArray());
    lags.add(IntStream.rangeClosed(90_001, 91_000).toArray());
    assertThat(lags.median(50)).hasValue(2.5);
    assertThat(lags.median(99)).hasValue(2.99);
    assertThat(lags.median(100)).hasValue(3);
    assertThat(lags.worst(50)).hasValue(90.5);
    assertThat(lags.worst(100)).hasValue(91);
    assertThat(lags.overall(50)).hasValue(2.5);
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

package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import kpi.Figure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Recording;

/** Two seconds of steady load, from 10 s on, with a known number of answers in it. */
class BiddingTest {
  private static final long NS_PER_S = 1_000_000_000;

  private final Recording recording = Recording.ofStage(System::nanoTime);
  private final Bidding bidding =
      new Bidding(recording, null, List.of(), "run", nowNs -> nowNs >= 10 * NS_PER_S);

  @ParameterizedTest
  @CsvSource({
    "accepted_per_s, 10", // 20 in 2 s; those of the ramp do not count.
    "decided_per_s,  25", // And 30 rejected ones.
    "accept_ratio,   40",
    "error_rate,     10", // 12 of 50 + 7 in the ramp, 51 reads and 12 failed ones.
  })
  void rates_are_of_steady_load_and_errors_of_all_requests(String figure, double value) {
    decided(20, true, 10);
    decided(30, false, 11);
    decided(7, true, 9);
    recording.tally().add("reads", 51);
    recording.tally().add("bids_undecided", 3);
    recording.tally().add("bids_unknown", 2);
    recording.tally().add("bids_refused", 4);
    recording.tally().add("reads_failed", 2);
    recording.tally().add("looks_failed", 1);

    assertThat(bidding.figures(2).get(figure).value()).isEqualTo(value);
  }

  @Test
  void without_an_answer_there_is_no_rate_and_every_request_has_failed() {
    assertThat(bidding.figures(2)).containsOnlyKeys("error_rate");
    assertThat(bidding.figures(2).values()).extracting(Figure::value).containsExactly(100.0);
  }

  private void decided(int count, boolean accepted, long atS) {
    IntStream.range(0, count).forEach(each -> bidding.decided(accepted, atS * NS_PER_S));
  }
}

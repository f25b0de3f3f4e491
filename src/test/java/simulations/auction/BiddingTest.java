package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;
import static simulations.run.Answers.assertAnswer;

import java.util.List;
import java.util.stream.IntStream;
import kpi.Figure;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import simulations.run.Recording;

/** Two seconds of steady load, from 10 s on, with a known number of answers in it. */
class BiddingTest {
  private static final long NS_PER_S = 1_000_000_000;

  private final Recording recording = Recording.ofStage(System::nanoTime);
  private final Bidding bidding =
      new Bidding(recording, null, List.of(), "run", nowNs -> nowNs >= 10 * NS_PER_S);

  @Test
  void rates_are_of_steady_load_and_errors_of_all_requests() {
    decided(20, true, 10);
    decided(30, false, 11);
    decided(7, true, 9);
    recording.tally().add("reads", 51);
    recording.tally().add("bids_undecided", 3);
    recording.tally().add("bids_unknown", 2);
    recording.tally().add("bids_refused", 4);
    recording.tally().add("reads_failed", 2);
    recording.tally().add("looks_failed", 1);

    assertAnswer(bidding.figures(2), Kpi.ACCEPTED_PER_S, 10); // 20 in 2 s; none of the ramp.
    assertAnswer(bidding.figures(2), Kpi.DECIDED_PER_S, 25); // And 30 rejected ones.
    assertAnswer(bidding.figures(2), Kpi.ACCEPT_RATIO, 40);
    // 12 of 50 + 7 in the ramp, 51 reads and 12 failed ones.
    assertAnswer(bidding.figures(2), Kpi.ERROR_RATE, 10);
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

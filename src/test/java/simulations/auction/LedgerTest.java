package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.auction.Ledger.Difference;
import verdict.BidOperation;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Unknown;

/** Lists of bids compared with the accepted ones. */
class LedgerTest {
  private final Ledger ledger = ledger(0, accepted(300), accepted(100), accepted(200));

  @ParameterizedTest
  @CsvSource({
    "'100,300',         1, 0, 0, 0, 2.00 never came",
    "'100,200,200,300', 0, 1, 0, 0, 2.00 came twice",
    "'100,300,200',     0, 0, 1, 0, 2.00 came after 3.00",
    "'100,200,250,300', 0, 0, 0, 1, 2.50 is not in any client's history",
  })
  void a_difference_is_counted_and_the_first_one_named(
      String seen, int lost, int twice, int late, int strange, String first) {
    Difference difference =
        ledger.compare(Stream.of(seen.split(",", -1)).mapToLong(Long::parseLong).toArray());
    assertThat(difference.words())
        .isEqualTo(
            "%d lost, %d twice, %d out of order, %d not in any client's history; the first: %s",
            lost, twice, late, strange, first);
  }

  @Test
  void a_lost_bid_has_the_number_of_its_event_if_all_before_it_are_known() {
    assertThat(ledger.compare(cents(100)).firstLost()).contains("sequence 9");
    Ledger open = ledger(0, accepted(100), new Unknown(0, "ann", 50));
    assertThat(open.compare(cents()).firstLost()).contains("1.00");
  }

  @Test
  void a_bid_that_was_accepted_twice_and_came_once_is_lost_once() {
    assertThat(ledger(0, accepted(100), accepted(100)).compare(cents(100)).lost()).isOne();
  }

  @Test
  void a_bid_without_an_answer_may_be_there_or_not() {
    Ledger open = ledger(0, accepted(100), new Unknown(0, "ann", 150));
    assertThat(open.compare(cents(100)).isNone()).isTrue();
    assertThat(open.compare(cents(100, 150)).isNone()).isTrue();
    assertThat(open.fits(1)).isTrue();
    assertThat(open.fits(2)).isTrue();
    assertThat(open.fits(3)).isFalse();
  }

  @Test
  void the_price_before_the_first_bid_is_no_bid() {
    Ledger later = ledger(500, new Unknown(Long.MIN_VALUE, "bob", 500));
    assertThat(later.unknown()).isZero();
    assertThat(later.highestCents()).isEqualTo(500);
    assertThat(later.compare(cents()).isNone()).isTrue();
  }

  private static Ledger ledger(long fromCents, BidOperation... bids) {
    return new Ledger(List.of(bids), fromCents, 7);
  }

  private static BidOperation accepted(long cents) {
    return new Accepted(0, 1, "ann", cents, OptionalLong.empty());
  }

  private static long[] cents(long... all) {
    return all;
  }
}

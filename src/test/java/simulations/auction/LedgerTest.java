package simulations.auction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import verdict.BidOperation;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Unknown;

/** Somebody's account of the accepted bids against that of their clients. */
class LedgerTest {
  private final Ledger ledger = Ledger.of(List.of(accepted(300), accepted(100), accepted(200)), 0);

  @Test
  void every_bid_once_and_in_order_is_right() {
    assertThat(ledger.differs(cents(100, 200, 300))).isEmpty();
    assertThat(ledger.accepted()).isEqualTo(3);
    assertThat(ledger.highestCents()).isEqualTo(300);
  }

  @Test
  void a_bid_that_never_came_is_named() {
    assertThat(ledger.differs(cents(100, 300)).orElseThrow())
        .contains("1 lost, 0 twice, 0 out of order")
        .contains("2.00 never came");
  }

  @Test
  void a_bid_that_came_twice_is_named() {
    assertThat(ledger.differs(cents(100, 200, 200, 300)).orElseThrow())
        .contains("0 lost, 1 twice")
        .contains("2.00 came twice");
  }

  @Test
  void a_price_that_fell_is_named() {
    assertThat(ledger.differs(cents(100, 300, 200)).orElseThrow())
        .contains("0 lost, 0 twice, 1 out of order")
        .contains("2.00 came after 3.00");
  }

  @Test
  void a_bid_that_nobody_made_is_named() {
    assertThat(ledger.differs(cents(100, 200, 250, 300)).orElseThrow())
        .contains("1 that nobody knows of")
        .contains("2.50 was accepted by nobody's account");
  }

  @Test
  void what_was_accepted_twice_and_told_once_is_lost_once() {
    Ledger twice = Ledger.of(List.of(accepted(100), accepted(100)), 0);
    assertThat(twice.differs(cents(100)).orElseThrow()).contains("1 lost");
  }

  @Test
  void a_bid_without_an_answer_may_be_there_or_not() {
    Ledger open = Ledger.of(List.of(accepted(100), new Unknown(0, "ann", 150)), 0);
    assertThat(open.differs(cents(100))).isEmpty();
    assertThat(open.differs(cents(100, 150))).isEmpty();
    assertThat(open.fits(1)).isTrue();
    assertThat(open.fits(2)).isTrue();
    assertThat(open.fits(3)).isFalse();
  }

  @Test
  void the_price_before_the_first_bid_is_no_bid() {
    Ledger later = Ledger.of(List.of(new Unknown(Long.MIN_VALUE, "bob", 500)), 500);
    assertThat(later.unknown()).isZero();
    assertThat(later.highestCents()).isEqualTo(500);
    assertThat(later.differs(cents())).isEmpty();
  }

  private static BidOperation accepted(long cents) {
    return new Accepted(0, 1, "ann", cents, OptionalLong.empty());
  }

  private static long[] cents(long... all) {
    return all;
  }
}

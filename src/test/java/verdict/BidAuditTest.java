package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;
import verdict.BidViolation.Rule;

/** The audit of bids, case by case and against a search through all orders. */
class BidAuditTest {
  /** {@code -Daudit.histories=1000000} for more. */
  private static final int HISTORIES = Integer.getInteger("audit.histories", 40_000);

  private static final int SIZE_MAX = 10;

  @Test
  void a_history_that_has_an_order_has_no_counter_example() {
    assertThat(
            audit(
                accepted(0, 10, "ann", 100, 0),
                accepted(5, 20, "bob", 200, 100),
                new Rejected(6, 25, "cid", 150, 200, Optional.of("bob")),
                new Read(1, 9, 0, Optional.empty()),
                new Read(30, 31, 200, Optional.of("bob"))))
        .isEmpty();
  }

  @Test
  void two_accepted_bids_of_one_amount_are_a_double_accept() {
    breaks(Rule.ACCEPTED_ONCE, accepted(0, 1, "ann", 100, 0), accepted(2, 3, "bob", 100, 0));
  }

  @Test
  void a_bid_must_not_be_rejected_by_a_lower_price() {
    breaks(
        Rule.REJECTED_RIGHTLY,
        accepted(0, 1, "ann", 100, 0),
        new Rejected(2, 3, "bob", 150, 100, Optional.empty()));
  }

  @Test
  void a_price_without_its_cents_was_never_bid() {
    breaks(
        Rule.PRICE_WAS_BID,
        accepted(0, 1, "ann", 10_099, 0),
        new Rejected(2, 3, "bob", 10_000, 10_000, Optional.empty()));
  }

  @Test
  void a_price_with_another_ones_name_is_a_torn_pair() {
    breaks(
        Rule.PAIR_FITS,
        accepted(0, 1, "ann", 100, 0),
        accepted(2, 3, "bob", 200, 100),
        new Read(0, 9, 100, Optional.of("bob")));
  }

  @Test
  void an_update_that_was_lost_shows_in_the_next_ones_previous_bid() {
    breaks(
        Rule.PREVIOUS_IS_TRUE,
        accepted(0, 5, "ann", 100, 0),
        accepted(0, 5, "bob", 200, 0),
        new Read(8, 9, 200, Optional.of("bob")));
  }

  @Test
  void an_old_price_seen_after_a_newer_one_was_answered_is_stale() {
    BidViolation found =
        breaks(
            Rule.ORDER_EXISTS,
            accepted(0, 1, "ann", 100, 0),
            accepted(2, 3, "bob", 200, 100),
            new Rejected(4, 5, "cid", 50, 100, Optional.of("ann")));
    assertThat(found.sentence())
        .contains("bob's bid of 200 accepted")
        .contains("cid's bid of 50 rejected at 100");
  }

  @Test
  void the_final_price_is_the_highest_accepted() {
    breaks(
        Rule.ORDER_EXISTS,
        accepted(0, 1, "ann", 100, 0),
        accepted(2, 3, "bob", 200, 100),
        new Read(9, 10, 100, Optional.of("ann")));
  }

  @Test
  void a_bid_without_an_answer_counts_only_if_it_was_seen() {
    Unknown lost = new Unknown(0, "ann", 100);
    assertThat(audit(lost, accepted(5, 6, "bob", 200, 0))).isEmpty();
    assertThat(audit(lost, accepted(5, 6, "bob", 200, 100))).isEmpty();
    breaks(Rule.PRICE_WAS_BID, new Unknown(0, "ann", 99), accepted(5, 6, "bob", 200, 100));
    breaks(Rule.ORDER_EXISTS, new Unknown(9, "ann", 100), accepted(5, 6, "bob", 200, 100));
  }

  @Test
  @Timeout(600)
  void it_agrees_with_a_search_through_all_orders() {
    SplittableRandom random = new SplittableRandom(42);
    Set<Rule> seen = EnumSet.noneOf(Rule.class);
    int legal = 0;
    for (int i = 0; i < HISTORIES; i++) {
      int size = 2 + random.nextInt(SIZE_MAX - 1);
      int mistakes = random.nextInt(3) * 12;
      List<BidOperation> history = new RandomAuction(random.split()).history(size, mistakes);
      Optional<BidViolation> found = BidAudit.of(history);
      boolean linearizable = BruteForceAuction.isLinearizable(history);
      assertThat(found.isEmpty()).as("%s%n%s", history, found).isEqualTo(linearizable);
      found.ifPresent(violation -> seen.add(violation.rule()));
      legal += linearizable ? 1 : 0;
    }
    assertThat(seen).containsExactlyInAnyOrder(Rule.values());
    assertThat(legal).isBetween(HISTORIES / 3, HISTORIES * 3 / 4);
  }

  @Test
  @Timeout(20)
  void a_million_requests_are_audited_in_seconds() {
    List<BidOperation> history = new ArrayList<>();
    for (int i = 1; i <= 250_000; i++) {
      long at = i * 10L;
      history.add(accepted(at, at + 30, "u" + i % 100, i, i - 1));
      history.add(new Read(at + 6, at + 9, i, Optional.of("u" + i % 100)));
      history.add(new Rejected(at + 6, at + 9, "x", i, i, Optional.empty()));
      history.add(new Unknown(at, "y", 1_000_000 + i));
    }
    assertThat(BidAudit.of(history)).isEmpty();
    history.add(new Read(2_600_000, 2_600_001, 249_999, Optional.empty()));
    assertThat(BidAudit.of(history).orElseThrow().rule()).isEqualTo(Rule.ORDER_EXISTS);
  }

  private static BidViolation breaks(Rule rule, BidOperation... operations) {
    BidViolation found = audit(operations).orElseThrow();
    assertThat(found.rule()).isEqualTo(rule);
    assertThat(BruteForceAuction.isLinearizable(Arrays.asList(operations))).isFalse();
    return found;
  }

  private static Optional<BidViolation> audit(BidOperation... operations) {
    return BidAudit.of(Arrays.asList(operations));
  }

  private static Accepted accepted(
      long callNs, long returnNs, String user, long cents, long previous) {
    return new Accepted(callNs, returnNs, user, cents, OptionalLong.of(previous));
  }
}

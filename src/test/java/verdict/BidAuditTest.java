package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import verdict.BidAudit.Violation;
import verdict.BidAudit.Violation.Rule;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;

/** The audit of bids, case by case and against a search through all orders. */
class BidAuditTest {
  /** {@code -Daudit.histories=1000000} for more. */
  private static final int HISTORIES = Integer.getInteger("audit.histories", 40_000);

  private static final int SIZE_MAX = 10;
  private static final Accepted FIRST = accepted(0, 1, "ann", 100, 0);
  private static final Accepted SECOND = accepted(2, 3, "bob", 200, 100);

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
  void every_broken_rule_is_named() {
    breaks(Rule.ACCEPTED_ONCE, FIRST, accepted(2, 3, "bob", 100, 0));
    breaks(Rule.REJECTED_RIGHTLY, FIRST, new Rejected(2, 3, "bob", 150, 100, Optional.empty()));
    breaks(Rule.PRICE_WAS_BID, FIRST, new Rejected(2, 3, "bob", 99, 99, Optional.empty()));
    breaks(Rule.PAIR_FITS, FIRST, SECOND, new Read(0, 9, 100, Optional.of("bob")));
    // An update that was lost shows in the previous bid of the next one.
    breaks(Rule.PREVIOUS_IS_TRUE, accepted(0, 5, "ann", 100, 0), accepted(0, 5, "bob", 200, 0));
    breaks(Rule.ORDER_EXISTS, FIRST, SECOND, new Read(9, 10, 100, Optional.of("ann")));
    Violation stale =
        breaks(
            Rule.ORDER_EXISTS, FIRST, SECOND, new Rejected(4, 5, "cid", 50, 100, Optional.empty()));
    assertThat(stale.sentence())
        .contains("bob's bid of 2.00 accepted")
        .contains("cid's bid of 0.50 rejected at 1.00");
  }

  @Test
  void a_rejection_without_a_price_needs_a_bid_that_can_have_been_before() {
    Rejected blind = new Rejected(4, 5, "cid", 150, -1, Optional.empty());
    assertThat(BidAudit.of(List.of(FIRST, SECOND, blind))).isEmpty();
    assertThat(BidAudit.of(List.of(FIRST, new Unknown(5, "bob", 150), blind))).isEmpty();
    assertThat(BidAudit.of(List.of(FIRST, accepted(6, 7, "bob", 200, 100), blind)))
        .map(Violation::rule)
        .contains(Rule.REJECTED_RIGHTLY);
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
      Optional<Violation> found = BidAudit.of(history);
      boolean linearizable = new Search(history).finds(new State(0, 0, null));
      assertThat(found.isEmpty()).as("%s%n%s", history, found).isEqualTo(linearizable);
      found.ifPresent(violation -> seen.add(violation.rule()));
      legal += linearizable ? 1 : 0;
    }
    assertThat(seen).containsExactlyInAnyOrder(Rule.values());
    assertThat(legal).isBetween(HISTORIES / 3, HISTORIES * 3 / 4);
  }

  @Test
  @Timeout(200)
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

  private static Violation breaks(Rule rule, BidOperation... operations) {
    Violation found = audit(operations).orElseThrow();
    assertThat(found.rule()).isEqualTo(rule);
    assertThat(new Search(Arrays.asList(operations)).finds(new State(0, 0, null))).isFalse();
    return found;
  }

  private static Optional<Violation> audit(BidOperation... operations) {
    return BidAudit.of(Arrays.asList(operations));
  }

  private static Accepted accepted(
      long callNs, long returnNs, String user, long cents, long previous) {
    return new Accepted(callNs, returnNs, user, cents, OptionalLong.of(previous));
  }

  /** The operations that were done, and what the item is then. */
  private record State(long done, long cents, String bidder) {
    boolean isDone(int index) {
      return (done & 1L << index) != 0;
    }

    boolean shows(long seenCents, Optional<String> seenBidder) {
      return seenCents == cents && (seenBidder.isEmpty() || seenBidder.get().equals(bidder));
    }
  }

  /**
   * Tries every order of a small history (Wing and Gong 1993), and knows nothing of ranks or
   * classes.
   */
  private record Search(List<BidOperation> operations, Set<State> dead) {
    Search(List<BidOperation> operations) {
      this(operations, new HashSet<>());
    }

    boolean finds(State state) {
      if (state.done() == (1L << operations.size()) - 1) {
        return true;
      }
      if (!dead.add(state)) {
        return false;
      }
      for (int i = 0; i < operations.size(); i++) {
        if (!state.isDone(i) && mayBeNext(state, i) && canStep(state, i)) {
          return true;
        }
      }
      return false;
    }

    private boolean canStep(State state, int i) {
      BidOperation operation = operations.get(i);
      State same = new State(state.done() | 1L << i, state.cents(), state.bidder());
      if (operation instanceof Accepted bid) {
        return bid.cents() > state.cents()
            && bid.previousCents().orElse(state.cents()) == state.cents()
            && finds(new State(same.done(), bid.cents(), bid.user()));
      }
      if (operation instanceof Unknown bid) {
        return (bid.cents() > state.cents()
                && finds(new State(same.done(), bid.cents(), bid.user())))
            || finds(same);
      }
      if (operation instanceof Rejected bid) {
        return bid.cents() <= state.cents()
            && state.shows(bid.seenCents(), bid.seenBidder())
            && finds(same);
      }
      Read read = (Read) operation;
      return state.shows(read.seenCents(), read.seenBidder()) && finds(same);
    }

    /** No open request had its answer before this one was called. */
    private boolean mayBeNext(State state, int i) {
      for (int j = 0; j < operations.size(); j++) {
        if (!state.isDone(j) && operations.get(j).returnNs() < operations.get(i).callNs()) {
          return false;
        }
      }
      return true;
    }
  }
}

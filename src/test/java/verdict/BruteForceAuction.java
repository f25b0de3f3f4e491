package verdict;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;

/**
 * Tries every order of a small history (Wing and Gong 1993), and knows nothing of ranks or classes:
 * what {@link BidAudit} is held against.
 */
final class BruteForceAuction {
  private final List<BidOperation> operations;
  private final Set<State> dead = new HashSet<>();

  private BruteForceAuction(List<BidOperation> operations) {
    this.operations = operations;
  }

  /** What was done, and what the item is then. */
  private record State(long done, long cents, String bidder) {}

  static boolean isLinearizable(List<BidOperation> operations) {
    return new BruteForceAuction(operations).canEnd(new State(0, 0, null));
  }

  private boolean canEnd(State state) {
    if (isOver(state)) {
      return true;
    }
    if (!dead.add(state)) {
      return false;
    }
    for (int i = 0; i < operations.size(); i++) {
      if (!isDone(state, i) && mayBeNext(state, i) && canStep(state, i)) {
        return true;
      }
    }
    return false;
  }

  private boolean canStep(State state, int i) {
    BidOperation operation = operations.get(i);
    long done = state.done() | 1L << i;
    if (operation instanceof Accepted bid) {
      boolean right =
          bid.cents() > state.cents() && bid.previousCents().orElse(state.cents()) == state.cents();
      return right && canEnd(new State(done, bid.cents(), bid.user()));
    }
    if (operation instanceof Unknown bid) {
      return (bid.cents() > state.cents() && canEnd(new State(done, bid.cents(), bid.user())))
          || canEnd(new State(done, state.cents(), state.bidder()));
    }
    State same = new State(done, state.cents(), state.bidder());
    if (operation instanceof Rejected bid) {
      boolean right =
          bid.cents() <= state.cents()
              && bid.seenCents() == state.cents()
              && (bid.seenBidder().isEmpty() || bid.seenBidder().get().equals(state.bidder()));
      return right && canEnd(same);
    }
    Read read = (Read) operation;
    boolean right =
        read.seenCents() == state.cents()
            && (read.seenBidder().isEmpty() || read.seenBidder().get().equals(state.bidder()));
    return right && canEnd(same);
  }

  /** No open request had its answer before this one was called. */
  private boolean mayBeNext(State state, int i) {
    for (int j = 0; j < operations.size(); j++) {
      if (!isDone(state, j) && operations.get(j).returnNs() < operations.get(i).callNs()) {
        return false;
      }
    }
    return true;
  }

  private boolean isOver(State state) {
    return state.done() == (1L << operations.size()) - 1;
  }

  private static boolean isDone(State state, int i) {
    return (state.done() & 1L << i) != 0;
  }
}

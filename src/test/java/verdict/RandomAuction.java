package verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;

/** Small histories of a right auction, and of one that makes a mistake now and then. */
final class RandomAuction {
  private static final int AMOUNTS = 8;
  private static final int USERS = 3;
  private static final int SPREAD_NS = 5;

  private final SplittableRandom random;
  private long cents;
  private String bidder;

  RandomAuction(SplittableRandom random) {
    this.random = random;
  }

  /**
   * A history.
   *
   * @param size requests
   * @param mistakePct how many per cent of the answers are changed
   */
  List<BidOperation> history(int size, int mistakePct) {
    List<BidOperation> history = new ArrayList<>(size);
    for (int moment = 0; moment < size; moment++) {
      long callNs = moment * 2L - random.nextInt(SPREAD_NS);
      long returnNs = moment * 2L + random.nextInt(SPREAD_NS);
      BidOperation operation = right(callNs, returnNs);
      history.add(random.nextInt(100) < mistakePct ? wrong(operation) : operation);
    }
    return history;
  }

  private BidOperation right(long callNs, long returnNs) {
    Optional<String> named =
        random.nextInt(3) == 0 ? Optional.empty() : Optional.ofNullable(bidder);
    if (random.nextInt(3) == 0) {
      return new Read(callNs, returnNs, cents, named);
    }
    String user = user();
    long bid = 1L + random.nextInt(AMOUNTS);
    boolean wins = bid > cents;
    long before = cents;
    if (random.nextInt(6) == 0) {
      if (wins && random.nextBoolean()) {
        cents = bid;
        bidder = user;
      }
      return new Unknown(callNs, user, bid);
    }
    if (!wins) {
      return new Rejected(callNs, returnNs, user, bid, cents, named);
    }
    cents = bid;
    bidder = user;
    boolean tells = random.nextInt(4) > 0;
    OptionalLong previous = tells ? OptionalLong.of(before) : OptionalLong.empty();
    return new Accepted(callNs, returnNs, user, bid, previous);
  }

  /** The same with another amount, name or time. */
  private BidOperation wrong(BidOperation operation) {
    long amount = random.nextInt(AMOUNTS + 1);
    int what = random.nextInt(4);
    if (operation instanceof Accepted bid) {
      return switch (what) {
        case 0 -> accepted(bid, 0, bid.user(), bid.cents(), OptionalLong.of(amount));
        case 1 -> accepted(bid, 0, user(), bid.cents(), bid.previousCents());
        case 2 -> accepted(bid, 4, bid.user(), bid.cents(), bid.previousCents());
        default -> accepted(bid, 0, bid.user(), amount + 1, bid.previousCents());
      };
    }
    if (operation instanceof Rejected bid) {
      return what < 2
          ? new Rejected(
              bid.callNs(), bid.returnNs(), bid.user(), bid.cents(), amount, bid.seenBidder())
          : accepted(bid, 0, bid.user(), bid.cents(), OptionalLong.empty());
    }
    if (operation instanceof Read read) {
      return what < 2
          ? new Read(read.callNs(), read.returnNs(), amount, read.seenBidder())
          : new Read(read.callNs(), read.returnNs(), read.seenCents(), Optional.of(user()));
    }
    return new Unknown(operation.callNs() + 4, user(), amount + 1);
  }

  private static Accepted accepted(
      BidOperation at, long laterNs, String user, long cents, OptionalLong previous) {
    return new Accepted(at.callNs() + laterNs, at.returnNs() + laterNs, user, cents, previous);
  }

  private String user() {
    return "u" + random.nextInt(USERS);
  }
}

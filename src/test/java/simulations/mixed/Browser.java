package simulations.mixed;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Phase;
import kpi.Recorders;
import kpi.Tally;
import simulations.auction.BidAnswer;
import verdict.BidOperation.Read;

/**
 * One user who looks at items and never bids; what it was told is part of each item's history. Used
 * by one thread at a time.
 */
final class Browser {
  private static final int OK = 200;

  private final Books books;
  private final SplittableRandom random;
  private MixedItem item;
  private long callNs;
  private boolean open;
  private Outcome outcome = Outcome.OK;

  /**
   * Where what it sees goes.
   *
   * @param phase of the run
   * @param recorders take latencies
   * @param tally takes counts
   * @param nanoClock monotonic nanoseconds
   */
  record Books(Phase phase, Recorders recorders, Tally tally, LongSupplier nanoClock) {}

  Browser(Books books, SplittableRandom random) {
    this.books = books;
    this.random = random;
  }

  /** Chance of its own. */
  SplittableRandom random() {
    return random;
  }

  /** The path of the item that it is about to look at. */
  String looksAt(MixedItem next) {
    item = next;
    callNs = books.nanoClock().getAsLong();
    open = true;
    books.tally().add("looks", 1);
    return next.path();
  }

  /** It was answered. */
  void told(int status, byte[] body) {
    long nowNs = books.nanoClock().getAsLong();
    open = false;
    books.tally().event();
    try {
      BidAnswer answer = BidAnswer.read(body);
      if (status == OK && answer.currentCents() >= 0) {
        books.recorders().of(books.phase(), Kpi.BROWSE).record(nowNs - callNs);
        item.bidding()
            .history()
            .add(new Read(callNs, nowNs, answer.currentCents(), answer.bidder()));
        return;
      }
    } catch (IOException e) {
      books.tally().add("answers_wrong", 1);
    }
    failed(Outcome.INVALID);
  }

  /** After a look. */
  void endLook() {
    if (open) {
      failed(Outcome.TIMEOUT);
    }
    open = false;
  }

  /** How this user fared: the first failure, if there was one. */
  Outcome outcome() {
    return outcome;
  }

  private void failed(Outcome how) {
    books.tally().add("looks_failed", 1);
    outcome = outcome == Outcome.OK ? how : outcome;
  }
}

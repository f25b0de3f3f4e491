package simulations.auction;

import java.util.List;
import java.util.Optional;
import kpi.Tally;
import simulations.auction.Ledger.Difference;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import verdict.Numbers;

/**
 * The events that the viewers of a load received, compared with the ledgers of their items. Used by
 * one thread.
 *
 * <p>Adds to the tally: {@code broadcasts_lost}, {@code broadcasts_duplicated}, {@code
 * broadcasts_swapped}, {@code broadcasts_of_rejected}.
 */
public final class Broadcasts {
  private final Tally tally;
  private final boolean again;
  private Optional<String> wrong = Optional.empty();
  private Optional<String> leftOut = Optional.empty();
  private int viewers;
  private int wrongViewers;
  private long accepted;

  /**
   * @param again whether viewers that were cut off connect again, so that only the last connection
   *     of each has to be complete
   */
  public Broadcasts(Tally tally, boolean again) {
    this.tally = tally;
    this.again = again;
  }

  /** Compares the viewers of an item whose bids are done. */
  public void compare(AuctionItem item) {
    List<AuctionRecorder> all = item.viewers();
    accepted += item.ledger().accepted();
    leftOut = leftOut.or(item::bidsLeftOut);
    for (AuctionRecorder viewer : all) {
      viewers += viewer.survived() || !again ? 1 : 0;
      Difference difference = viewer.difference();
      // A viewer that was cut off did not lose what could not get through.
      tally.add("broadcasts_lost", viewer.survived() ? difference.lost() : 0);
      tally.add("broadcasts_duplicated", difference.twice());
      tally.add("broadcasts_swapped", difference.late());
      tally.add("broadcasts_of_rejected", difference.strange());
      Optional<String> found = viewer.survived() || !again ? viewer.wrong() : Optional.empty();
      if (found.isPresent()) {
        String number = "viewer " + (all.indexOf(viewer) + 1) + " of " + all.size() + " ";
        wrong = wrong.or(() -> Optional.of(number + found.get() + " (item " + item.name + ")"));
        wrongViewers++;
      }
    }
  }

  /** Declares the checks of the planned number of viewers. */
  public void check(Checks all, long planned) {
    boolean any = planned > 0;
    if (!again) {
      all.viewers("viewers_survived", any).judge(() -> survived(all, planned));
    }
    Checks checks = all.restingOn(leftOut);
    checks.viewers("broadcast_complete", any).judge(() -> complete(planned));
    checks.broadcasts(
        any ? Optional.empty() : Optional.of(Checks.NO_VIEWERS),
        "the last accepted bid of each item");
    checks
        .viewers("only_accepted_seen", any)
        .none("broadcasts_of_rejected", "bids", "were broadcast though they were not accepted");
  }

  private static Finding survived(Checks checks, long planned) {
    long connected = checks.count("viewers_connected");
    long survived = checks.count("viewers_survived");
    return Finding.of(
        planned == connected && connected == survived,
        Numbers.count(survived) + " of " + Numbers.count(connected) + " connected",
        "all " + Numbers.count(planned),
        "Every viewer connected and stayed until the end.",
        Numbers.sentence(
            "%s viewers did not connect, and %s did not stay to the end.",
            planned - connected, connected - survived));
  }

  private Finding complete(long planned) {
    if (isRight() && viewers < planned) {
      wrong = Optional.of("only " + viewers + " of " + planned + " viewers came");
    }
    return Finding.of(
            isRight(),
            isRight()
                ? Numbers.count(accepted) + " accepted bids, " + Numbers.count(viewers) + " viewers"
                : Numbers.count(wrongViewers) + " viewers differ",
            "every accepted bid once to each viewer, in order",
            reason(),
            reason())
        .onlyIf(accepted > 0, "No bid was accepted.");
  }

  boolean isRight() {
    return wrong.isEmpty();
  }

  String reason() {
    return wrong
        .map(words -> "Not every viewer received every accepted bid once, in order: " + words + ".")
        .orElse("Every viewer received every accepted bid, once, at a rising price.");
  }
}

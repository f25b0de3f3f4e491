package simulations.auction;

import java.util.Optional;

/**
 * An answer of the bid service; absent numbers are {@link #NONE}.
 *
 * @param currentCents the price
 * @param previousCents the price that was beaten
 * @param bidder the highest bidder; empty if there is none, as an empty text, or absent
 * @param decided {@code false}, {@code unknown}, or empty if absent
 * @param sequence number of the item's last event
 */
public record BidAnswer(
    boolean success,
    long currentCents,
    long previousCents,
    Optional<String> bidder,
    String decided,
    long sequence) {
  static final long NONE = -1;

  /** An answer without any field. */
  public static final BidAnswer EMPTY =
      new BidAnswer(false, NONE, NONE, Optional.empty(), "", NONE);
}

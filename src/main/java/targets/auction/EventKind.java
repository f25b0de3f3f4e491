package targets.auction;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can happen to an item. */
public enum EventKind {
  /** It was made, or opened again: bids are taken. */
  OPENED,
  /** A bid was accepted. */
  BID,
  /** No more bids are taken. */
  CLOSED,
  /** Its price is 0 again, and it is open. */
  RESET;

  /** As it is written. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of a word; empty if there is none. */
  public static Optional<EventKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }
}

package targets.auction.broadcast;

import java.util.function.Consumer;
import targets.auction.AuctionDefects;
import targets.shared.Defects;

/**
 * Passes events on, or makes a planted mistake with every tenth of an item. Each mistake has its
 * own one of ten, so that several do not hide each other.
 */
final class Mischief {
  private static final int EVERY = 10;
  private static final int LOST = 0;
  private static final int REPEATED = 4;
  private static final int SWAPPED = 7;

  private final boolean loses;
  private final boolean repeats;
  private final boolean swaps;

  Mischief(Defects defects) {
    loses = defects.has(AuctionDefects.LOST_EVENT);
    repeats = defects.has(AuctionDefects.DUPLICATE_EVENT);
    swaps = defects.has(AuctionDefects.EVENTS_OUT_OF_ORDER);
  }

  /** For the events of one item. */
  Item item() {
    return new Item();
  }

  /** One thread. */
  final class Item {
    private long events;
    private byte[] held;

    void pass(byte[] json, Consumer<byte[]> to) {
      long place = ++events % EVERY;
      if (swaps && place == SWAPPED) {
        held = json;
        return;
      }
      if (!(loses && place == LOST)) {
        to.accept(json);
      }
      if (repeats && place == REPEATED) {
        to.accept(json);
      }
      if (held != null) {
        to.accept(held);
        held = null;
      }
    }
  }
}

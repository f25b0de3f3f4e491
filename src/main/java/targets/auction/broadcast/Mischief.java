package targets.auction.broadcast;

import java.util.function.Consumer;
import targets.auction.AuctionDefects;
import targets.shared.Defects;

/** Passes events on, or makes a planted mistake with every tenth of an item. */
final class Mischief {
  private static final int EVERY = 10;

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
      boolean tenth = ++events % EVERY == 0;
      if (tenth && swaps) {
        held = json;
        return;
      }
      if (!(tenth && loses)) {
        to.accept(json);
      }
      if (tenth && repeats) {
        to.accept(json);
      }
      if (held != null) {
        to.accept(held);
        held = null;
      }
    }
  }
}

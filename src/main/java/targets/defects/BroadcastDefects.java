package targets.defects;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import targets.auction.broadcast.BroadcastServer;
import targets.defects.CommonDefects.Requests;
import targets.defects.Shuffle.Fate;
import targets.shared.TargetSpec;

/**
 * The defects of the broadcast service: each affects one of ten events of an item, another one for
 * each defect, so that several do not hide each other.
 */
public final class BroadcastDefects {
  private static final Defect EVENTS_OUT_OF_ORDER = Defect.of("events-out-of-order");
  private static final Defect LOST_EVENT = Defect.of("lost-event");
  private static final Defect DUPLICATE_EVENT = Defect.of("duplicate-event");

  /** The broadcast service with {@code --defect}. */
  public static final TargetSpec SPEC =
      Defects.around(
          BroadcastServer.SPEC,
          Requests.of(".* /ws/items/.*", "refused_requests"),
          List.of(EVENTS_OUT_OF_ORDER, LOST_EVENT, DUPLICATE_EVENT),
          (reader, defects, common) ->
              BroadcastServer.start(reader, honest -> shuffled(honest, defects), common));

  private static final int EVERY = 10;
  private static final int LOST = 0;
  private static final int REPEATED = 4;
  private static final int SWAPPED = 7;

  private BroadcastDefects() {}

  private static Consumer<byte[]> shuffled(Consumer<byte[]> honest, Defects defects) {
    AtomicLong events = new AtomicLong();
    return new Shuffle<>(
        honest,
        event -> {
          int place = (int) (events.incrementAndGet() % EVERY);
          if (place == LOST && defects.has(LOST_EVENT)) {
            return Fate.LOST;
          }
          if (place == REPEATED && defects.has(DUPLICATE_EVENT)) {
            return Fate.REPEATED;
          }
          boolean swapped = place == SWAPPED && defects.has(EVENTS_OUT_OF_ORDER);
          return swapped ? Fate.SWAPPED : Fate.PASSED;
        });
  }
}

package targets.defects;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import targets.auction.broadcast.BroadcastServer;
import targets.shared.TargetSpec;

/**
 * The defects of the broadcast service: each affects one of ten events of an item, another one for
 * each defect, so that several do not hide each other.
 */
public final class BroadcastDefects implements Consumer<byte[]> {
  /** Every tenth event of an item changes places with the next. */
  private static final String EVENTS_OUT_OF_ORDER = "events-out-of-order";

  /** Every tenth event of an item is dropped. */
  private static final String LOST_EVENT = "lost-event";

  /** Every tenth event of an item is sent twice. */
  private static final String DUPLICATE_EVENT = "duplicate-event";

  private static final List<String> NAMES =
      List.of(EVENTS_OUT_OF_ORDER, LOST_EVENT, DUPLICATE_EVENT);

  private static final PlantedError ERROR =
      new PlantedError(
          (method, path) -> path.startsWith("/ws/items/"),
          500,
          Map.of("error", "a planted error"),
          List.of("refused_requests"));

  /** The broadcast service with {@code --defect}. */
  public static final TargetSpec SPEC =
      Defects.around(
          BroadcastServer.SPEC,
          NAMES,
          (reader, defects) ->
              BroadcastServer.start(
                  reader,
                  honest ->
                      NAMES.stream().anyMatch(defects::has)
                          ? new BroadcastDefects(honest, defects)
                          : honest,
                  defects.troubles(ERROR)));

  private static final int EVERY = 10;
  private static final int LOST = 0;
  private static final int REPEATED = 4;
  private static final int SWAPPED = 7;

  private final Consumer<byte[]> honest;
  private final Defects defects;
  private long events;
  private byte[] held;

  private BroadcastDefects(Consumer<byte[]> honest, Defects defects) {
    this.honest = honest;
    this.defects = defects;
  }

  @Override
  public void accept(byte[] json) {
    long place = ++events % EVERY;
    if (place == SWAPPED && defects.has(EVENTS_OUT_OF_ORDER)) {
      held = json;
      return;
    }
    if (place != LOST || !defects.has(LOST_EVENT)) {
      honest.accept(json);
    }
    if (place == REPEATED && defects.has(DUPLICATE_EVENT)) {
      honest.accept(json);
    }
    if (held != null) {
      honest.accept(held);
      held = null;
    }
  }
}

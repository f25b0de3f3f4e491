package targets.auction.broadcast;

import io.nats.client.Message;
import java.util.Optional;
import targets.auction.AuctionEvent;

/**
 * An event with its place in the store.
 *
 * @param event as it was stored
 * @param json of it, as it is passed on
 * @param position in the store
 */
@SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
record StoredEvent(AuctionEvent event, byte[] json, long position) {
  private static final String POSITION = "Nats-Sequence";

  /** Reads a message that the store said again, or gave on being asked; empty if it is neither. */
  static Optional<StoredEvent> read(Message message) {
    String position = message.hasHeaders() ? message.getHeaders().getFirst(POSITION) : null;
    if (position == null || !position.matches("\\d{1,18}")) {
      return Optional.empty();
    }
    return AuctionEvent.read(message.getData())
        .map(event -> new StoredEvent(event, message.getData(), Long.parseLong(position)));
  }
}

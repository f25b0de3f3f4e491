package targets.auction;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import targets.shared.Json;

/**
 * What happened to an item, as it is stored, fanned out and archived:
 *
 * <pre>
 * {"type": "bid", "event_id", "item_id", "sequence", "bid_id", "user_id", "amount", "previous_bid",
 *  "highest_bidder_id" when it was over, "timestamp" RFC 3339 with microseconds}
 * </pre>
 *
 * <p>Of an event that is no bid, {@code bid_id}, {@code user_id} and {@code amount} are null, and
 * {@code previous_bid} is the price that it found.
 *
 * @param kind what happened
 * @param eventId unique among all events
 * @param itemId whose event
 * @param sequence 1 for the item's first event, then 1 more for each
 * @param bidId of a bid, else empty
 * @param userId whose price it is when it is over; empty for nobody
 * @param amountCents of a bid, else 0
 * @param previousCents the price before
 * @param atMicros when Redis decided it, microseconds since 1970
 */
public record AuctionEvent(
    EventKind kind,
    String eventId,
    String itemId,
    long sequence,
    String bidId,
    String userId,
    long amountCents,
    long previousCents,
    long atMicros) {
  private static final ObjectReader READER =
      Json.MAPPER.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private static final long MICROS_OF_S = 1_000_000;

  /** The event's JSON. */
  public byte[] json() {
    boolean bid = kind == EventKind.BID;
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("type", kind.word());
    map.put("event_id", eventId);
    map.put("item_id", itemId);
    map.put("sequence", sequence);
    map.put("bid_id", bid ? bidId : null);
    map.put("user_id", bid ? userId : null);
    map.put("amount", bid ? Cents.decimal(amountCents) : null);
    map.put("previous_bid", Cents.decimal(previousCents));
    map.put("highest_bidder_id", userId.isEmpty() ? null : userId);
    map.put("timestamp", at().toString());
    return Json.bytes(map);
  }

  /** When it was decided. */
  public Instant at() {
    return Instant.EPOCH.plus(atMicros, ChronoUnit.MICROS);
  }

  /** The price that it leaves, in cents. */
  public long priceCents() {
    return switch (kind) {
      case BID -> amountCents;
      case RESET -> 0;
      case OPENED, CLOSED -> previousCents;
    };
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @return empty if it is not such an event
   */
  public static Optional<AuctionEvent> read(byte[] json) {
    try {
      JsonNode node = READER.readTree(json);
      Optional<EventKind> kind = EventKind.of(node.path("type").asText());
      long sequence = node.path("sequence").asLong();
      if (kind.isEmpty() || sequence < 1 || !Names.isItemId(node.path("item_id").asText())) {
        return Optional.empty();
      }
      boolean bid = kind.get() == EventKind.BID;
      Instant at = Instant.parse(node.path("timestamp").asText());
      return Optional.of(
          new AuctionEvent(
              kind.get(),
              node.path("event_id").asText(),
              node.path("item_id").asText(),
              sequence,
              bid ? node.path("bid_id").asText() : "",
              node.path("highest_bidder_id").asText(""),
              bid ? cents(node.path("amount")) : 0,
              cents(node.path("previous_bid")),
              at.getEpochSecond() * MICROS_OF_S + at.getNano() / 1_000));
    } catch (IOException | ArithmeticException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static long cents(JsonNode node) {
    return node.decimalValue().movePointRight(2).longValueExact();
  }
}

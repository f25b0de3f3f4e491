package targets.auction;

import static targets.shared.Counters.label;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import targets.shared.Json;

/**
 * A change of an item, as it is stored, fanned out and archived:
 *
 * <pre>
 * {"type": "bid", "event_id", "item_id", "sequence", "bid_id", "user_id", "amount", "previous_bid",
 *  "highest_bidder_id" after the event, "timestamp" RFC 3339 with microseconds}
 * </pre>
 *
 * <p>Only a bid has {@code bid_id}, {@code user_id} and {@code amount}; elsewhere they are null,
 * and {@code previous_bid} is the price before the event.
 *
 * @param eventId unique among all events
 * @param sequence 1 for the item's first event, then 1 more for each
 * @param bidId empty for what is no bid, whose amount is 0
 * @param userId highest bidder after the event, empty for none
 * @param previousCents price before the event
 * @param atMicros time of the decision in Redis, microseconds since 1970
 */
public record AuctionEvent(
    Kind kind,
    String eventId,
    String itemId,
    long sequence,
    String bidId,
    String userId,
    long amountCents,
    long previousCents,
    long atMicros) {
  private static final long MICROS_OF_S = 1_000_000;

  public enum Kind {
    /** The item was created or reopened. */
    OPENED,
    BID,
    CLOSED,
    /** The price is 0 again, and the item takes bids. */
    RESET;

    /** Returns the item's status after such an event. */
    public String status() {
      return this == CLOSED ? "closed" : "open";
    }

    private static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(kind -> label(kind).equals(word)).findFirst();
    }
  }

  public byte[] json() {
    boolean bid = kind == Kind.BID;
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("type", label(kind));
    map.put("event_id", eventId);
    map.put("item_id", itemId);
    map.put("sequence", sequence);
    map.put("bid_id", bid ? bidId : null);
    map.put("user_id", bid ? userId : null);
    map.put("amount", bid ? Cents.decimal(amountCents) : null);
    map.put("previous_bid", Cents.decimal(previousCents));
    map.put("highest_bidder_id", userId.isEmpty() ? null : userId);
    map.put("timestamp", Instant.EPOCH.plus(atMicros, ChronoUnit.MICROS).toString());
    return Json.bytes(map);
  }

  /** Returns the price after the event, in cents. */
  public long priceCents() {
    return switch (kind) {
      case BID -> amountCents;
      case RESET -> 0;
      case OPENED, CLOSED -> previousCents;
    };
  }

  /** Returns true for the first event of an item: sequences start again after Redis was emptied. */
  public boolean beginsLife() {
    return kind == Kind.OPENED && sequence == 1;
  }

  /** Reads the form of {@link #json}; returns empty for anything else. */
  public static Optional<AuctionEvent> read(byte[] json) {
    try {
      JsonNode node = Json.EXACT.readTree(json);
      Optional<Kind> kind = Kind.of(node.path("type").asText());
      long sequence = node.path("sequence").asLong();
      if (kind.isEmpty() || sequence < 1 || !Names.isItemId(node.path("item_id").asText())) {
        return Optional.empty();
      }
      boolean bid = kind.get() == Kind.BID;
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
              ChronoUnit.MICROS.between(Instant.EPOCH, at)));
    } catch (IOException | ArithmeticException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Returns the event as an entry of the Redis event log, in the form of {@code bid.lua}. */
  public Map<String, String> logEntry() {
    return Map.of(
        "kind", label(kind),
        "item", itemId,
        "sequence", Long.toString(sequence),
        "event", eventId,
        "bid", bidId,
        "user", userId,
        "cents", Long.toString(amountCents),
        "previous", Long.toString(previousCents),
        "s", Long.toString(atMicros / MICROS_OF_S),
        "us", Long.toString(atMicros % MICROS_OF_S));
  }

  /** Reads the form of {@link #logEntry}; returns empty for anything else. */
  public static Optional<AuctionEvent> readLogEntry(Map<String, String> fields) {
    try {
      return Optional.of(
          new AuctionEvent(
              Kind.of(fields.get("kind")).orElseThrow(IllegalArgumentException::new),
              fields.get("event"),
              fields.get("item"),
              Long.parseLong(fields.get("sequence")),
              fields.get("bid"),
              fields.get("user"),
              Long.parseLong(fields.get("cents")),
              Long.parseLong(fields.get("previous")),
              Long.parseLong(fields.get("s")) * MICROS_OF_S + Long.parseLong(fields.get("us"))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static long cents(JsonNode node) {
    return node.decimalValue().movePointRight(2).longValueExact();
  }
}

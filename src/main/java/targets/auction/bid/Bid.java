package targets.auction.bid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import targets.auction.AuctionEvent;
import targets.auction.Cents;
import targets.auction.Names;
import targets.shared.Json;

/**
 * A valid bid that is not yet decided.
 *
 * @param cents amount, more than 0
 * @param eventId identifier of the event, if the bid is accepted
 * @param bidId identifier of the bid, if it is accepted
 */
public record Bid(
    String itemId,
    String userId,
    long cents,
    String eventId,
    String bidId,
    Optional<String> requestKey) {
  static final int BYTES_MAX = 8 * 1024;

  private static final int USER_MAX = 128;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cs}\\p{Cn}]");

  private static final ObjectReader READER =
      Json.EXACT
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /**
   * Reads the body of a request: {@code {"user_id", "amount", "idempotency_key"?}}.
   *
   * @param header {@code Idempotency-Key}, or null
   * @throws IllegalArgumentException with a sentence for the client if the request is invalid
   */
  static Bid read(String itemId, byte[] body, String header, Supplier<String> ids) {
    JsonNode node;
    try {
      node = READER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body is not JSON" + place(e));
    } catch (IOException e) {
      throw new IllegalArgumentException("the body is not JSON", e);
    }
    if (!node.isObject()) {
      throw new IllegalArgumentException(
          "the body must be an object such as {\"user_id\": \"u1\", \"amount\": 1}");
    }
    JsonNode user = node.path("user_id");
    if (!user.isTextual() || !isName(user.textValue())) {
      throw new IllegalArgumentException(
          "user_id must be a text of 1 to " + USER_MAX + " characters without control characters");
    }
    long cents = Cents.read(node.get("amount"));
    Optional<String> key = Optional.ofNullable(node.path("idempotency_key").asText(header));
    if (key.isPresent() && !Names.isItemId(key.get())) {
      throw new IllegalArgumentException("an idempotency key has " + Names.ITEM_ID_WORDS);
    }
    return new Bid(itemId, user.textValue(), cents, ids.get(), ids.get(), key);
  }

  /** Returns the key of the remembered answer to a bid with a request key. */
  String rememberedAs() {
    return Names.key(itemId, "request:" + requestKey.orElse(""));
  }

  public Decision on(Decision.Item item) {
    if (!item.status().equals("open")) {
      return Decision.of(Decision.Kind.CLOSED, item);
    }
    if (cents <= item.priceCents()) {
      return Decision.of(Decision.Kind.REJECTED, item);
    }
    return Decision.accepted(
        this,
        new Decision.Item(item.priceCents(), item.bidder(), item.sequence() + 1, item.status()));
  }

  /** Returns the event of an accepted bid; the item carries the new sequence. */
  public AuctionEvent event(Decision.Item before, long atMicros) {
    return new AuctionEvent(
        AuctionEvent.Kind.BID,
        eventId,
        itemId,
        before.sequence(),
        bidId,
        userId,
        cents,
        before.priceCents(),
        atMicros);
  }

  /** Returns the keys and values that an accepted bid sets, for MSET. */
  public String[] newState(long sequence) {
    return new String[] {
      Names.key(itemId, "current_bid"),
      Long.toString(cents),
      Names.key(itemId, "highest_bidder"),
      userId,
      Names.key(itemId, "sequence"),
      Long.toString(sequence)
    };
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null ? "" : ", see column " + e.getLocation().getColumnNr();
  }

  private static boolean isName(String text) {
    return !text.isBlank() && text.length() <= USER_MAX && !CONTROL.matcher(text).find();
  }
}

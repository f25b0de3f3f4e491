package targets.auction.bid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import targets.auction.Cents;
import targets.auction.Names;
import targets.shared.Json;

/**
 * The body of a bid, validated: {@code {"user_id", "amount", "idempotency_key"?}}. If it is invalid
 * there is a problem, a sentence for the client, and nothing else.
 */
record BidRequest(
    String userId, long cents, Optional<String> requestKey, Optional<String> problem) {
  /** The largest body. */
  static final int BYTES_MAX = 8 * 1024;

  private static final int USER_MAX = 128;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cs}\\p{Cn}]");

  private static final ObjectReader READER =
      Json.MAPPER
          .reader()
          .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /**
   * Reads a body.
   *
   * @param header {@code Idempotency-Key}, or null
   */
  static BidRequest read(byte[] body, String header) {
    JsonNode node;
    try {
      node = READER.readTree(body);
    } catch (JsonProcessingException e) {
      return invalid("the body is not JSON" + place(e));
    } catch (IOException e) {
      return invalid("the body is not JSON");
    }
    if (!node.isObject()) {
      return invalid("the body must be an object such as {\"user_id\": \"u1\", \"amount\": 1}");
    }
    JsonNode user = node.path("user_id");
    if (!user.isTextual() || !isName(user.textValue())) {
      return invalid(
          "user_id must be a text of 1 to " + USER_MAX + " characters without control characters");
    }
    Cents.Read amount = Cents.read(node.get("amount"));
    if (amount.problem().isPresent()) {
      return invalid(amount.problem().get());
    }
    Optional<String> key = Optional.ofNullable(node.path("idempotency_key").asText(header));
    if (key.isPresent() && !Names.isItemId(key.get())) {
      return invalid("an idempotency key has " + Names.ITEM_ID_WORDS);
    }
    return new BidRequest(user.textValue(), amount.cents(), key, Optional.empty());
  }

  private static BidRequest invalid(String problem) {
    return new BidRequest("", 0, Optional.empty(), Optional.of(problem));
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null ? "" : ", see column " + e.getLocation().getColumnNr();
  }

  private static boolean isName(String text) {
    return !text.isBlank() && text.length() <= USER_MAX && !CONTROL.matcher(text).find();
  }
}

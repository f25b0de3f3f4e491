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
 * The body of a bid, checked: {@code {"user_id", "amount", "idempotency_key"?}}.
 *
 * @param userId by whom
 * @param cents how much
 * @param requestKey from the body, else from the header
 */
record BidRequest(String userId, long cents, Optional<String> requestKey) {
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

  /** A request, or why there is none. */
  sealed interface Read {
    /**
     * It can be decided.
     *
     * @param request as read
     */
    record Good(BidRequest request) implements Read {}

    /**
     * It cannot.
     *
     * @param problem a sentence for the client
     */
    record Bad(String problem) implements Read {}
  }

  /**
   * Reads a body.
   *
   * @param body as it came
   * @param header {@code Idempotency-Key}, or null
   */
  static Read read(byte[] body, String header) {
    JsonNode node;
    try {
      node = READER.readTree(body);
    } catch (JsonProcessingException e) {
      return new Read.Bad("the body is no JSON" + place(e));
    } catch (IOException e) {
      return new Read.Bad("the body is no JSON");
    }
    if (!node.isObject()) {
      return new Read.Bad(
          "the body must be an object such as {\"user_id\": \"u1\", \"amount\": 1}");
    }
    Cents.Read amount = Cents.read(node.get("amount"));
    JsonNode user = node.path("user_id");
    JsonNode key = node.path("idempotency_key");
    Optional<String> requestKey =
        key.isMissingNode() || key.isNull()
            ? Optional.ofNullable(header)
            : Optional.of(key.asText());
    if (!user.isTextual() || !isName(user.textValue())) {
      return new Read.Bad(
          "user_id must be a text of 1 to " + USER_MAX + " characters without control characters");
    }
    if (amount.problem().isPresent()) {
      return new Read.Bad(amount.problem().get());
    }
    if (requestKey.isPresent() && !Names.isItemId(requestKey.get())) {
      return new Read.Bad("an idempotency key has " + Names.ITEM_ID_WORDS);
    }
    return new Read.Good(new BidRequest(user.textValue(), amount.cents(), requestKey));
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null ? "" : ", see column " + e.getLocation().getColumnNr();
  }

  private static boolean isName(String text) {
    return !text.isBlank() && text.length() <= USER_MAX && !CONTROL.matcher(text).find();
  }
}

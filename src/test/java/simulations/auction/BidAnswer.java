package simulations.auction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What the bid service answered, read without a tree: exact decimals, unknown fields passed over.
 *
 * @param success whether the bid was accepted; false where nothing is said
 * @param currentCents the price; {@link #NONE} where nothing is said
 * @param previousCents the price that was beaten; {@link #NONE} where nothing is said
 * @param bidder whose price it is; empty for nobody, or where nothing is said
 * @param decided {@code false}, {@code unknown}, or empty where nothing is said
 */
public record BidAnswer(
    boolean success,
    long currentCents,
    long previousCents,
    Optional<String> bidder,
    String decided) {
  /** No amount was told. */
  public static final long NONE = -1;

  private static final JsonFactory JSON = new JsonFactory();
  private static final int PLACES = 2;

  /** Amounts up to this many characters are read digit by digit. */
  private static final int PLAIN_MAX = 16;

  /**
   * Reads an answer.
   *
   * @throws IOException if it is no JSON object, or an amount has parts of a cent
   */
  public static BidAnswer read(byte[] body) throws IOException {
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no JSON object");
      }
      return fields(parser);
    }
  }

  private static BidAnswer fields(JsonParser parser) throws IOException {
    boolean success = false;
    long current = NONE;
    long previous = NONE;
    Optional<String> bidder = Optional.empty();
    String decided = "";
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "success" -> success = value == JsonToken.VALUE_TRUE;
        case "current_bid" -> current = cents(parser);
        case "previous_bid" -> previous = cents(parser);
        case "highest_bidder_id" ->
            bidder =
                value == JsonToken.VALUE_STRING ? Optional.of(parser.getText()) : Optional.empty();
        case "decided" -> decided = parser.getText();
        default -> parser.skipChildren();
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("the object has no end");
    }
    return new BidAnswer(success, current, previous, bidder, decided);
  }

  /**
   * An amount in whole cents; {@link #NONE} for null.
   *
   * @throws IOException if it is no amount, or has parts of a cent
   */
  static long cents(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return NONE;
    }
    String text = parser.getText();
    long plain = plain(text);
    if (plain >= 0) {
      return plain;
    }
    try {
      return new BigDecimal(text).movePointRight(PLACES).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IOException("'" + text + "' is no amount of whole cents", e);
    }
  }

  /** Digits with two after the point, as most amounts are written; below 0 for anything else. */
  private static long plain(String text) {
    int point = text.length() - PLACES - 1;
    if (point < 1 || text.length() > PLAIN_MAX || text.charAt(point) != '.') {
      return NONE;
    }
    long cents = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (i != point) {
        if (digit < 0 || digit > 9) {
          return NONE;
        }
        cents = cents * 10 + digit;
      }
    }
    return cents;
  }
}

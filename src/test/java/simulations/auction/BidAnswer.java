package simulations.auction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * An answer of the bid service, parsed without a tree: exact decimals, unknown fields skipped.
 *
 * @param success true if the bid was accepted
 * @param currentCents the price; {@link #NONE} if absent
 * @param previousCents the price that was beaten; {@link #NONE} if absent
 * @param bidder the highest bidder; empty if there is none, or absent
 * @param decided {@code false}, {@code unknown}, or empty if absent
 * @param sequence number of the item's last event; {@link #NONE} if absent
 */
public record BidAnswer(
    boolean success,
    long currentCents,
    long previousCents,
    Optional<String> bidder,
    String decided,
    long sequence) {
  /** An absent number. */
  public static final long NONE = -1;

  /** An answer without any field. */
  public static final BidAnswer EMPTY =
      new BidAnswer(false, NONE, NONE, Optional.empty(), "", NONE);

  private static final JsonFactory JSON = new JsonFactory();
  private static final int PLACES = 2;

  /** Amounts up to this many characters are read digit by digit. */
  private static final int PLAIN_MAX = 16;

  /**
   * Parses an answer.
   *
   * @throws IOException if it is not a JSON object, or an amount is not whole cents
   */
  public static BidAnswer read(byte[] body) throws IOException {
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
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
    long sequence = NONE;
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
        case "sequence" ->
            sequence = value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : NONE;
        default -> parser.skipChildren();
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("the object has no end");
    }
    return new BidAnswer(success, current, previous, bidder, decided, sequence);
  }

  private static long cents(JsonParser parser) throws IOException {
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
      throw new IOException("'" + text + "' is not an amount of whole cents", e);
    }
  }

  /** Parses digits with two after the point, the usual form; below 0 for anything else. */
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

package targets.auction;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * Money: whole cents in a {@code long}, exact decimals with two places outside. No amount is ever a
 * floating-point number. The maximum is small enough for a Lua number, which holds whole numbers
 * below 2^53.
 */
public final class Cents {
  private static final long MAX = 999_999_999_999L;

  private static final int PLACES = 2;

  /** Digits before the point; beyond this, an exponent such as 1e999999999 is not expanded. */
  private static final int DIGITS_MAX = 10;

  private static final Pattern TEXT = Pattern.compile("[0-9]{1,10}(\\.[0-9]{1,2})?");

  private Cents() {}

  /**
   * Reads a JSON number, or a text such as {@code "100.99"}, from 0.01.
   *
   * @param node read with exact decimals; null if it is missing
   * @throws IllegalArgumentException with a sentence for the client if it is no such amount
   */
  public static long read(JsonNode node) {
    if (node == null || node.isNull()) {
      throw new IllegalArgumentException("amount is missing; write for example 100.99");
    }
    if (node.isNumber()) {
      return of(node.decimalValue());
    }
    if (node.isTextual() && TEXT.matcher(node.textValue()).matches()) {
      return of(new BigDecimal(node.textValue()));
    }
    throw new IllegalArgumentException(
        "amount is not a decimal number; write for example 100.99 or \"100.99\"");
  }

  /** Returns the exact decimal, with two places. */
  public static BigDecimal decimal(long cents) {
    return BigDecimal.valueOf(cents, PLACES);
  }

  private static long of(BigDecimal amount) {
    if (amount.signum() <= 0) {
      throw new IllegalArgumentException("amount must be more than 0");
    }
    if ((long) amount.precision() - amount.scale() > DIGITS_MAX) {
      throw new IllegalArgumentException("amount must be at most " + decimal(MAX));
    }
    if (amount.stripTrailingZeros().scale() > PLACES) {
      throw new IllegalArgumentException("amount must have at most two decimals");
    }
    return amount.movePointRight(PLACES).longValueExact();
  }
}

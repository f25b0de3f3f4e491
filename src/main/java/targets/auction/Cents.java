package targets.auction;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;
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
   * An amount, or the reason why there is none.
   *
   * @param cents the amount, from 1 to {@link #MAX}; 0 if there is a problem
   * @param problem a sentence for the client
   */
  public record Read(long cents, Optional<String> problem) {
    private static Read bad(String problem) {
      return new Read(0, Optional.of(problem));
    }
  }

  /**
   * Reads a JSON number, or a text such as {@code "100.99"}.
   *
   * @param node read with exact decimals; null if it is missing
   */
  public static Read read(JsonNode node) {
    if (node == null || node.isNull()) {
      return Read.bad("amount is missing; write for example 100.99");
    }
    if (node.isNumber()) {
      return of(node.decimalValue());
    }
    if (node.isTextual() && TEXT.matcher(node.textValue()).matches()) {
      return of(new BigDecimal(node.textValue()));
    }
    return Read.bad("amount is not a decimal number; write for example 100.99 or \"100.99\"");
  }

  /** Returns the exact decimal, with two places. */
  public static BigDecimal decimal(long cents) {
    return BigDecimal.valueOf(cents, PLACES);
  }

  private static Read of(BigDecimal amount) {
    if (amount.signum() <= 0) {
      return Read.bad("amount must be more than 0");
    }
    if ((long) amount.precision() - amount.scale() > DIGITS_MAX) {
      return Read.bad("amount must be at most " + decimal(MAX));
    }
    if (amount.stripTrailingZeros().scale() > PLACES) {
      return Read.bad("amount must have at most two decimals");
    }
    return new Read(amount.movePointRight(PLACES).longValueExact(), Optional.empty());
  }
}

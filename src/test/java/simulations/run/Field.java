package simulations.run;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A member of a service's JSON messages. Numbers count by value, however they are written: {@code
 * 1.0}, {@code 1e0} and {@code "1"} are one number.
 *
 * @param text a JSON pointer such as {@code /data/seq}, or {@code none}
 */
public record Field(String text, Optional<JsonPointer> pointer) {
  /** A member that no message has. */
  public static final Field NONE = new Field("none", Optional.empty());

  private static final BigDecimal NS_PER_S = BigDecimal.valueOf(1_000_000_000);

  /** From this many seconds since 1970 on a number is one of a smaller unit. */
  private static final BigDecimal FAR = BigDecimal.valueOf(100_000_000_000L);

  /** Parses a JSON pointer or {@code none}, or throws with the mistake. */
  public static Field parse(String text) {
    if (text.equals(NONE.text)) {
      return NONE;
    }
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException(
          "'" + text + "' is no JSON pointer; write for example /data/seq, or none");
    }
    return new Field(text, Optional.of(JsonPointer.compile(text)));
  }

  /** Returns true for the option of a member that must be there: neither absent nor none. */
  public static boolean isNamed(Optional<Field> option) {
    return option.flatMap(Field::pointer).isPresent();
  }

  /** Returns the member; missing if the message has none. */
  public JsonNode in(JsonNode message) {
    return pointer.map(message::at).orElseGet(MissingNode::getInstance);
  }

  /** Returns the whole number; empty if the member is missing or something else. */
  public OptionalLong number(JsonNode message) {
    return decimal(in(message))
        .filter(number -> number.stripTrailingZeros().scale() <= 0)
        .filter(number -> number.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0)
        .stream()
        .mapToLong(BigDecimal::longValue)
        .findFirst();
  }

  /**
   * Returns a time in unix ns: of a number since 1970 in s, ms, us or ns, as its size says, or of
   * an ISO 8601 text; empty if the member is neither.
   */
  public OptionalLong unixNs(JsonNode message) {
    JsonNode member = in(message);
    Optional<BigDecimal> number = decimal(member);
    try {
      return number.isPresent() || !member.isTextual()
          ? number.filter(any -> any.signum() > 0).stream().mapToLong(Field::unixNs).findFirst()
          : OptionalLong.of(Clock.unixNs(Instant.parse(member.asText())));
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  private static long unixNs(BigDecimal time) {
    BigDecimal ns = time.multiply(NS_PER_S);
    for (BigDecimal limit = FAR; time.compareTo(limit) >= 0 && ns.compareTo(time) > 0; ) {
      ns = ns.movePointLeft(3);
      limit = limit.movePointRight(3);
    }
    return ns.longValue();
  }

  /** Returns the number; empty if the member is missing or something else. */
  public OptionalDouble value(JsonNode message) {
    return decimal(in(message)).stream().mapToDouble(BigDecimal::doubleValue).findFirst();
  }

  private static Optional<BigDecimal> decimal(JsonNode member) {
    try {
      return member.isNumber() || member.isTextual()
          ? Optional.of(new BigDecimal(member.asText()))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}

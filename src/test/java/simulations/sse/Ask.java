package simulations.sse;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * One request of a stream.
 *
 * @param stream its name: the user, and the number of the request
 * @param turn of its conversation, from 1
 * @param verified whether its text is known, and checked
 * @param messages of the conversation so far; null for the API without any
 * @param leaving when its user leaves it
 */
record Ask(
    String stream,
    int turn,
    long seed,
    boolean verified,
    int tokens,
    ArrayNode messages,
    Leaving leaving) {
  /**
   * The point at which a user cancels a stream: after so many events with content, or so long after
   * its sending, whichever comes first.
   */
  record Leaving(int chunks, Duration after) {
    static final Leaving NEVER = new Leaving(Integer.MAX_VALUE, Duration.ZERO);

    boolean isTimed() {
      return !after.isZero();
    }

    /** Parses {@code 20} tokens or a time such as {@code 2s}, or throws with the mistake. */
    static Leaving parse(String text) {
      if (text.matches("[1-9]\\d{0,5}")) {
        return new Leaving(Integer.parseInt(text), Duration.ZERO);
      }
      if (!text.matches("(?=.*[1-9])\\d{1,6}(ms|(\\.\\d{1,3})?s)")) {
        throw new IllegalArgumentException(
            "'" + text + "' is neither a number of tokens such as 20 nor a time such as 2s");
      }
      BigDecimal number = new BigDecimal(text.replaceFirst("m?s$", ""));
      long ms = (text.endsWith("ms") ? number : number.movePointRight(3)).longValue();
      return new Leaving(Integer.MAX_VALUE, Duration.ofMillis(ms));
    }
  }
}

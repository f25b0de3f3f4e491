package bench.relay;

import java.nio.charset.StandardCharsets;

/**
 * The relay's message, written by the producer and read again by the ears behind Redis and NATS.
 */
final class TokenText {
  private static final byte[] SEQUENCE = "\"sequence\":".getBytes(StandardCharsets.US_ASCII);

  private TokenText() {}

  /**
   * A message.
   *
   * @param id of its conversation
   * @param sequence from 1
   * @param done whether it is the conversation's last
   * @param unixNs when it was made
   */
  static byte[] json(String id, int sequence, boolean done, long unixNs) {
    String json =
        "{\"conversation_id\":\""
            + id
            + "\",\"token\":\"word "
            + sequence
            + "\",\"sequence\":"
            + sequence
            + ",\"done\":"
            + done
            + ",\"timestamp\":"
            + unixNs
            + "}";
    return json.getBytes(StandardCharsets.US_ASCII);
  }

  /** The sequence in a message's text; 0 if there is none. */
  static long sequence(byte[] json) {
    for (int at = 0; at <= json.length - SEQUENCE.length; at++) {
      if (matches(json, at)) {
        return number(json, at + SEQUENCE.length, json.length);
      }
    }
    return 0;
  }

  /** The number whose digits begin at a place; 0 if there are none, or too many for a long. */
  static long number(byte[] text, int from, int end) {
    long number = 0;
    for (int at = from; at < end && text[at] >= '0' && text[at] <= '9'; at++) {
      if (number > Long.MAX_VALUE / 10 - 1) {
        return 0;
      }
      number = 10 * number + (text[at] - '0');
    }
    return number;
  }

  private static boolean matches(byte[] json, int from) {
    for (int at = 0; at < SEQUENCE.length; at++) {
      if (json[from + at] != SEQUENCE[at]) {
        return false;
      }
    }
    return true;
  }
}

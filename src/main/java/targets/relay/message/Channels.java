package targets.relay.message;

import java.util.Optional;

/** Channels in Redis and NATS, and the form of conversation ids. */
public final class Channels {
  /** The field of a Redis stream entry that holds the message's JSON. */
  public static final String LOG_FIELD = "message";

  private static final int ID_LENGTH_MAX = 128;

  private Channels() {}

  /**
   * Returns why an id is refused; empty for a good one. Only letters, digits, '-' and '_' are
   * accepted, because dots, blanks and wildcards would change the NATS subject.
   */
  public static Optional<String> refusal(String id) {
    return isGood(id)
        ? Optional.empty()
        : Optional.of(
            "a conversation id has 1 to "
                + ID_LENGTH_MAX
                + " letters, digits, '-' or '_' and nothing else");
  }

  /** Without a regular expression, because it runs for every token. */
  private static boolean isGood(String id) {
    for (int at = 0; at < id.length(); at++) {
      char letter = id.charAt(at);
      boolean alphanumeric = letter < 128 && Character.isLetterOrDigit(letter);
      if (!alphanumeric && letter != '-' && letter != '_') {
        return false;
      }
    }
    return !id.isEmpty() && id.length() <= ID_LENGTH_MAX;
  }

  /** Returns the NATS subject of a conversation's live tokens. */
  public static String subject(String id) {
    return "chat." + id + ".tokens";
  }

  /** Returns the NATS subject of a conversation's prompts. */
  public static String promptSubject(String id) {
    return "chat." + id + ".messages";
  }

  /**
   * Returns the Redis stream of a shard of durable delivery. A producer writes a conversation to
   * the shard that is the CRC-32 of the id's UTF-8 bytes, as in zlib, modulo the number of shards.
   */
  public static String log(int shard) {
    return "llm:token-log:" + shard;
  }
}

package targets.relay;

import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;
import targets.shared.StoreKeeper;
import targets.shared.StoreSettings;

/** What things are called in Redis and NATS, and which conversation ids are accepted. */
final class Names {
  /** Redis channels of core delivery: {@code llm:tokens:<id>}. */
  static final String CHANNEL_PATTERN = "llm:tokens:*";

  /** Redis streams of durable delivery: {@code llm:token-log:<shard>}. */
  static final String LOG_PREFIX = "llm:token-log:";

  /** The field of a Redis stream entry that holds the message's JSON. */
  static final String LOG_FIELD = "message";

  /** The JetStream stream of durable delivery. */
  static final String STORE = "CHAT_TOKENS";

  /** What the stream captures; it republishes what it stored as {@link #LIVE_OF_STORED}. */
  static final String STORED_SUBJECTS = "chat-log.*";

  /** {@link #subject} in the words of a republishing stream. */
  static final String LIVE_OF_STORED = "chat.{{wildcard(1)}}.tokens";

  /** The most letters of a conversation id. */
  static final int ID_LENGTH_MAX = 128;

  private Names() {}

  /**
   * Why an id is refused; empty for a good one. Dots, blanks and wildcards would make another
   * subject of it, so only letters, digits, '-' and '_' are taken.
   */
  static Optional<String> refusal(String id) {
    return isGood(id)
        ? Optional.empty()
        : Optional.of(
            "a conversation id has 1 to "
                + ID_LENGTH_MAX
                + " letters, digits, '-' or '_' and nothing else");
  }

  /** Without a regular expression: it is asked for every token. */
  private static boolean isGood(String id) {
    for (int at = 0; at < id.length(); at++) {
      char letter = id.charAt(at);
      boolean plain =
          (letter >= 'a' && letter <= 'z')
              || (letter >= 'A' && letter <= 'Z')
              || (letter >= '0' && letter <= '9')
              || letter == '-'
              || letter == '_';
      if (!plain) {
        return false;
      }
    }
    return !id.isEmpty() && id.length() <= ID_LENGTH_MAX;
  }

  /** The NATS subject on which a conversation's tokens are heard. */
  static String subject(String id) {
    return "chat." + id + ".tokens";
  }

  /** The NATS subject on which the adapter passes on what a user said. */
  static String promptSubject(String id) {
    return "chat." + id + ".messages";
  }

  /** The NATS subject under which a conversation's tokens are stored. */
  static String storedSubject(String id) {
    return "chat-log." + id;
  }

  /** The Redis stream of a shard. */
  static String log(int shard) {
    return LOG_PREFIX + shard;
  }

  /** The Redis key that says which bridge reads a shard. */
  static String lease(int shard) {
    return LOG_PREFIX + shard + ":reader";
  }

  /**
   * The shard of a conversation: CRC-32 of the id's UTF-8 bytes, as in zlib, modulo the number of
   * shards, so that every producer in any language finds the same one.
   */
  static int shard(String id, int shards) {
    CRC32 crc = new CRC32();
    crc.update(id.getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() % shards);
  }

  /** The store, as JetStream is told of it. */
  static StreamConfiguration store(StoreSettings settings) {
    return StoreKeeper.configuration(STORE, STORED_SUBJECTS, LIVE_OF_STORED, settings);
  }
}

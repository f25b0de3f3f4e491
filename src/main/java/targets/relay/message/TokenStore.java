package targets.relay.message;

import static settings.Option.Form.BYTES;

import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.Optional;
import settings.Option;
import targets.shared.StoreKeeper;
import targets.shared.StoreSettings;

/** The JetStream stream of durable delivery, which republishes each stored token. */
public final class TokenStore {
  /** The stream's name. */
  public static final String NAME = "CHAT_TOKENS";

  private static final String STORED_SUBJECTS = "chat-log.*";

  /** {@link Names#subject} in the notation of a republishing stream. */
  private static final String LIVE_SUBJECTS = "chat.{{wildcard(1)}}.tokens";

  private TokenStore() {}

  /** Options of bridge and adapter. */
  public record Settings(
      @Option(
              value = "10m",
              min = "1s",
              max = "30d",
              about = "durable: how long tokens can be replayed")
          Duration retain,
      @Option(
              value = "1GiB",
              form = BYTES,
              min = "1MiB",
              max = "1TiB",
              about = "durable: size of the store; above it the oldest tokens go")
          long retainBytes,
      @Option(
              name = "nats-domain",
              matches = "[A-Za-z0-9_-]{1,64}",
              otherwise = "has other characters than letters, digits, '-' and '_'",
              about = "durable: JetStream's domain, if NATS is a leaf node of its server")
          Optional<String> domain) {
    /** Returns the place and limits of the store. */
    public StoreSettings store() {
      return new StoreSettings(retain, retainBytes, domain);
    }
  }

  /** Returns the subject that a conversation's tokens are stored under. */
  public static String subject(String id) {
    return "chat-log." + id;
  }

  /** Returns the stream's configuration in JetStream. */
  public static StreamConfiguration configuration(StoreSettings settings) {
    return StoreKeeper.configuration(NAME, STORED_SUBJECTS, LIVE_SUBJECTS, settings);
  }
}

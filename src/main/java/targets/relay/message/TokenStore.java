package targets.relay.message;

import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import settings.SettingsReader;
import targets.shared.StoreKeeper;
import targets.shared.StoreSettings;
import targets.shared.TargetSpec.Setting;

/** The JetStream stream of durable delivery, which republishes each stored token. */
public final class TokenStore {
  /** The stream's name. */
  public static final String NAME = "CHAT_TOKENS";

  /** Its options in bridge and adapter. */
  public static final List<Setting> OPTIONS =
      List.of(
          new Setting("retain", "10m", "durable: how long tokens can be replayed"),
          new Setting(
              "retain-bytes", "1GiB", "durable: size of the store; above it the oldest tokens go"),
          new Setting(
              "nats-domain",
              "",
              "durable: JetStream's domain, if NATS is a leaf node of its server"));

  private static final String STORED_SUBJECTS = "chat-log.*";

  /** {@link Names#subject} in the notation of a republishing stream. */
  private static final String LIVE_SUBJECTS = "chat.{{wildcard(1)}}.tokens";

  private static final long MIB = 1L << 20;
  private static final String DOMAIN = "[A-Za-z0-9_-]{1,64}";

  private TokenStore() {}

  /** Reads the options. */
  public static StoreSettings read(SettingsReader reader) {
    Optional<String> domain = reader.optionalText("nats-domain");
    if (domain.filter(name -> !name.matches(DOMAIN)).isPresent()) {
      reader.error(
          "nats-domain",
          "'" + domain.get() + "' has other characters than letters, digits, '-' and '_'");
    }
    return new StoreSettings(
        reader.duration("retain", Duration.ofSeconds(1), Duration.ofDays(30)),
        reader.bytes("retain-bytes", MIB, MIB << 20),
        domain);
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

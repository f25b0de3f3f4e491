package targets.relay.message;

import java.time.Duration;
import java.util.Optional;
import settings.Option;
import targets.shared.Store;

/** The options of the JetStream stream of durable delivery, which republishes each token. */
public record TokenStore(
    @Option(value = "10m", in = "1s..30d", help = "durable: how long tokens are stored")
        Duration retain,
    @Option(
            value = "1GiB",
            in = "1MiB..1TiB",
            help = "durable: size of the store; above it the oldest go")
        long retainBytes,
    @Option(
            value = "1",
            in = "1..5",
            help = "durable: copies of the store, each at another server of a NATS cluster")
        int replicas,
    @Option(
            name = "nats-domain",
            matches = "[A-Za-z0-9_-]{1,64}",
            otherwise = "has other characters than letters, digits, '-' and '_'",
            help = "durable: JetStream's domain, if NATS is a leaf node of its server")
        Optional<String> domain) {
  public static final String NAME = "CHAT_TOKENS";

  private static final String PREFIX = "chat-log.";

  /** {@link Channels#subject} in the notation of a republishing stream. */
  private static final String LIVE_SUBJECTS = "chat.{{wildcard(1)}}.tokens";

  public Store store() {
    return new Store(NAME, PREFIX + "*", LIVE_SUBJECTS, retain, retainBytes, replicas, domain);
  }

  /** Returns the subject that a conversation's tokens are stored under. */
  public static String subject(String id) {
    return PREFIX + id;
  }
}

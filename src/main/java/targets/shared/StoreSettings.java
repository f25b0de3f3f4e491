package targets.shared;

import io.nats.client.JetStreamOptions;
import java.time.Duration;
import java.util.Optional;

/**
 * Place and limits of a JetStream store.
 *
 * @param retain age above which messages are deleted
 * @param bytes size above which the oldest messages are deleted
 * @param domain of JetStream; empty for the connected server's own
 */
public record StoreSettings(Duration retain, long bytes, Optional<String> domain) {
  /** Returns the options of every use of JetStream. */
  public JetStreamOptions options() {
    return JetStreamOptions.builder().domain(domain.orElse(null)).build();
  }

  /** Returns the subject of direct-get requests to a stream. */
  public String directGet(String stream) {
    return "$JS." + domain.map(name -> name + ".").orElse("") + "API.DIRECT.GET." + stream;
  }
}

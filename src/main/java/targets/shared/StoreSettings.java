package targets.shared;

import io.nats.client.JetStreamOptions;
import java.time.Duration;
import java.util.Optional;

/**
 * Where JetStream is, and what a store there keeps.
 *
 * @param retain what is older than this is forgotten
 * @param bytes at most so much; then the oldest are forgotten
 * @param domain of JetStream; empty for the one of the server that is connected to
 */
public record StoreSettings(Duration retain, long bytes, Optional<String> domain) {
  /** For every use of JetStream. */
  public JetStreamOptions options() {
    return JetStreamOptions.builder().domain(domain.orElse(null)).build();
  }

  /** The subject of questions for single messages of a stream. */
  public String directGet(String stream) {
    return "$JS." + domain.map(name -> name + ".").orElse("") + "API.DIRECT.GET." + stream;
  }
}

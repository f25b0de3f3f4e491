package targets.relay;

import io.nats.client.JetStreamOptions;
import java.time.Duration;
import java.util.Optional;

/**
 * Where JetStream is, and what it keeps of every conversation.
 *
 * @param retain tokens older than this are forgotten
 * @param bytes at most so much; then the oldest are forgotten
 * @param domain of JetStream; empty for the one of the server that is connected to
 */
record StoreSettings(Duration retain, long bytes, Optional<String> domain) {
  /** For every use of JetStream. */
  JetStreamOptions options() {
    return JetStreamOptions.builder().domain(domain.orElse(null)).build();
  }

  /** The subject of questions for single messages of a stream. */
  String directGet(String stream) {
    return "$JS." + domain.map(name -> name + ".").orElse("") + "API.DIRECT.GET." + stream;
  }
}

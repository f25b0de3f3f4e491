package targets.shared;

import io.nats.client.JetStreamOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.Republish;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.Optional;

/**
 * A JetStream store in files, without replicas, with direct reads. It republishes each message that
 * it has stored.
 *
 * @param subjects that it stores
 * @param live subjects on which it republishes
 * @param retain age above which messages are deleted
 * @param bytes size above which the oldest messages are deleted
 * @param domain of JetStream; empty for the connected server's own
 */
public record Store(
    String name,
    String subjects,
    String live,
    Duration retain,
    long bytes,
    Optional<String> domain) {
  /** A message whose id was stored within this time is not stored again. */
  private static final Duration DEDUPE_WINDOW = Duration.ofMinutes(2);

  StreamConfiguration configuration() {
    return StreamConfiguration.builder()
        .name(name)
        .subjects(subjects)
        .storageType(StorageType.File)
        .discardPolicy(DiscardPolicy.Old)
        .maxAge(retain)
        .maxBytes(bytes)
        .duplicateWindow(DEDUPE_WINDOW.compareTo(retain) < 0 ? DEDUPE_WINDOW : retain)
        .allowDirect(true)
        .republish(Republish.builder().source(subjects).destination(live).build())
        .build();
  }

  /** Returns the options of every use of JetStream. */
  JetStreamOptions options() {
    return JetStreamOptions.builder().domain(domain.orElse(null)).build();
  }

  /** Returns the subject of direct-get requests. */
  String directGet() {
    return "$JS." + domain.map(place -> place + ".").orElse("") + "API.DIRECT.GET." + name;
  }
}

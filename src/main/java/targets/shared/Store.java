package targets.shared;

import io.nats.client.JetStreamOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.Republish;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A JetStream store in files, with direct reads. It republishes each message that it has stored.
 *
 * @param subjects that it stores
 * @param live subjects on which it republishes
 * @param retain age above which messages are deleted
 * @param bytes size above which the oldest messages are deleted
 * @param replicas copies of it in a cluster of servers, each at another one
 * @param domain of JetStream; empty for the connected server's own
 */
public record Store(
    String name,
    String subjects,
    String live,
    Duration retain,
    long bytes,
    int replicas,
    Optional<String> domain) {
  /** A message whose id was stored within this time is not stored again. */
  private static final Duration DEDUPE_WINDOW = Duration.ofMinutes(2);

  /** Returns how an existing stream differs from what this store needs; empty if it does not. */
  Optional<String> difference(StreamConfiguration there) {
    return difference("stream " + name, settings(there), settings(configuration()));
  }

  /** More replicas than needed are as good. */
  private Map<String, Object> settings(StreamConfiguration stream) {
    Republish to = stream.getRepublish();
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("subjects", stream.getSubjects());
    settings.put("retention", stream.getRetentionPolicy());
    settings.put("storage", stream.getStorageType());
    settings.put("discard", stream.getDiscardPolicy());
    settings.put("max-age (--retain)", stream.getMaxAge());
    settings.put("max-bytes (--retain-bytes)", stream.getMaxBytes());
    settings.put("max-msgs", stream.getMaxMsgs());
    settings.put("max-msgs-per-subject", stream.getMaxMsgsPerSubject());
    settings.put("dupe-window", stream.getDuplicateWindow());
    settings.put("allow-direct", stream.getAllowDirect());
    settings.put("replicas (--replicas)", Math.min(stream.getReplicas(), replicas));
    settings.put("republish", to == null ? "none" : to.getSource() + " to " + to.getDestination());
    return settings;
  }

  /**
   * Compares the settings of what exists in JetStream with those that are needed.
   *
   * @param what kind and name, as the {@code nats} command line takes them
   * @return every setting that differs, and what to do; empty if none does
   */
  public static Optional<String> difference(
      String what, Map<String, Object> there, Map<String, Object> needed) {
    String differing =
        needed.entrySet().stream()
            .filter(each -> !Objects.equals(there.get(each.getKey()), each.getValue()))
            .map(
                each ->
                    each.getKey()
                        + " is "
                        + there.get(each.getKey())
                        + ", needed "
                        + each.getValue())
            .collect(Collectors.joining("; "));
    String text =
        "the %s has other settings, which are left as they are: %s; set the options named here to"
            + " what is there, or change it (nats %s), or remove it";
    return differing.isEmpty()
        ? Optional.empty()
        : Optional.of(text.formatted(what, differing, what.replaceFirst(" ", " edit ")));
  }

  StreamConfiguration configuration() {
    return StreamConfiguration.builder()
        .name(name)
        .subjects(subjects)
        .storageType(StorageType.File)
        .discardPolicy(DiscardPolicy.Old)
        .maxAge(retain)
        .maxBytes(bytes)
        .replicas(replicas)
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

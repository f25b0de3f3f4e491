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
import java.util.function.Function;
import java.util.stream.Collectors;

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

  private static final Map<String, Function<StreamConfiguration, Object>> SETTINGS =
      new LinkedHashMap<>();

  static {
    SETTINGS.put("subjects", StreamConfiguration::getSubjects);
    SETTINGS.put("retention", StreamConfiguration::getRetentionPolicy);
    SETTINGS.put("storage", StreamConfiguration::getStorageType);
    SETTINGS.put("discard", StreamConfiguration::getDiscardPolicy);
    SETTINGS.put("max-age (--retain)", StreamConfiguration::getMaxAge);
    SETTINGS.put("max-bytes (--retain-bytes)", StreamConfiguration::getMaxBytes);
    SETTINGS.put("max-msgs", StreamConfiguration::getMaxMsgs);
    SETTINGS.put("max-msgs-per-subject", StreamConfiguration::getMaxMsgsPerSubject);
    SETTINGS.put("dupe-window", StreamConfiguration::getDuplicateWindow);
    SETTINGS.put("allow-direct", StreamConfiguration::getAllowDirect);
    SETTINGS.put(
        "republish",
        stream -> {
          Republish to = stream.getRepublish();
          return to == null ? "none" : to.getSource() + " to " + to.getDestination();
        });
  }

  /** Returns how an existing stream differs from what this store needs; empty if it does not. */
  Optional<String> difference(StreamConfiguration there) {
    return difference("stream " + name, there, configuration(), SETTINGS);
  }

  /**
   * Compares what exists in JetStream with what is needed.
   *
   * @param what kind and name, as the {@code nats} command line takes them
   * @return every setting that differs, and what to do; empty if none does
   */
  public static <C> Optional<String> difference(
      String what, C there, C needed, Map<String, Function<C, Object>> settings) {
    String differing =
        settings.entrySet().stream()
            .filter(
                each ->
                    !Objects.equals(each.getValue().apply(there), each.getValue().apply(needed)))
            .map(
                each ->
                    "%s is %s, needed %s"
                        .formatted(
                            each.getKey(),
                            each.getValue().apply(there),
                            each.getValue().apply(needed)))
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

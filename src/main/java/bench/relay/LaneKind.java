package bench.relay;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How far through the relay a token goes. */
public enum LaneKind {
  /** From a Redis channel: the floor of the first hop. */
  REDIS("redis", "producer, Redis, subscriber"),
  /** From a NATS subject: the raw chain, without the adapter. */
  NATS("nats", "producer, Redis, bridge, NATS, subscriber"),
  /** From a stream of the adapter, at most once. */
  CORE("core", "producer, Redis, bridge, NATS, adapter, SSE"),
  /** From a stream of the adapter, with everything stored on its way. */
  DURABLE("durable", "producer, Redis streams, bridge, JetStream, adapter, SSE");

  private final String word;
  private final String path;

  LaneKind(String word, String path) {
    this.word = word;
    this.path = path;
  }

  /** As the user types it. */
  String word() {
    return word;
  }

  /** What a token passes. */
  String path() {
    return path;
  }

  boolean hasBridge() {
    return this != REDIS;
  }

  boolean hasAdapter() {
    return this == CORE || this == DURABLE;
  }

  static Optional<LaneKind> of(String word) {
    return all().stream().filter(kind -> kind.word.equals(word)).findFirst();
  }

  static List<LaneKind> all() {
    return Arrays.asList(values());
  }

  /** All words, with commas. */
  static String words() {
    return all().stream().map(LaneKind::word).collect(Collectors.joining(","));
  }
}

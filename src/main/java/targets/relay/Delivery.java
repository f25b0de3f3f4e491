package targets.relay;

import java.util.Locale;

/** How sure the relay is. */
enum Delivery {
  /** Publish and subscribe all the way, as in the original: at most once. */
  CORE,
  /** Redis Streams and JetStream: every token once and in order, whatever process is killed. */
  DURABLE;

  /** The word of the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

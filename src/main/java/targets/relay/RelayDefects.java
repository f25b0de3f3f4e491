package targets.relay;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import settings.SettingsReader;
import targets.shared.Defects;

/** The names of the relay's planted mistakes, all of the original; all are off by default. */
final class RelayDefects {
  /** Adapter: more than the value's number of unsent tokens (100) of a client: dropped. */
  static final String DROP_WHEN_FULL = "drop-when-full";

  /** Adapter: {@code Last-Event-ID} resumes one token too late. */
  static final String OFF_BY_ONE_RESUME = "off-by-one-resume";

  /** Bridge: the message that ends a conversation is not passed on. */
  static final String LOST_DONE = "lost-done";

  /** Adapter: says that it is connected 250 ms before it is subscribed. */
  static final String SUBSCRIBE_RACE = "subscribe-race";

  /** Adapter: {@code Last-Event-ID} repeats a token. */
  static final String DUPLICATE_ON_RECONNECT = "duplicate-on-reconnect";

  /** Adapter: every tenth token changes places with the one behind it. */
  static final String REORDER = "reorder";

  /** Both: ready and uncomplaining while NATS is away. */
  static final String SILENT_NATS_DOWN = "silent-nats-down";

  /** What the bridge knows. */
  static final Set<String> OF_BRIDGE = ordered(LOST_DONE, SILENT_NATS_DOWN);

  /** What the adapter knows. */
  static final Set<String> OF_ADAPTER =
      ordered(
          DROP_WHEN_FULL,
          OFF_BY_ONE_RESUME,
          SUBSCRIBE_RACE,
          DUPLICATE_ON_RECONNECT,
          REORDER,
          SILENT_NATS_DOWN);

  private static final int BUFFER_OF_ORIGINAL = 100;

  private RelayDefects() {}

  /** Reads what is switched on; the value of {@value #DROP_WHEN_FULL} is checked. */
  static Defects read(SettingsReader reader, String path, Set<String> known) {
    Defects defects = Defects.read(reader, path, known);
    if (defects.value(DROP_WHEN_FULL).filter(value -> !value.matches("\\d{1,6}")).isPresent()) {
      reader.error(
          path, "'" + DROP_WHEN_FULL + "' takes a number of tokens, such as drop-when-full=100");
    }
    return defects;
  }

  /** How many tokens of one client may be unsent before one is dropped. */
  static int buffer(Defects defects) {
    return defects.value(DROP_WHEN_FULL).map(Integer::parseInt).orElse(BUFFER_OF_ORIGINAL);
  }

  private static Set<String> ordered(String... names) {
    return new LinkedHashSet<>(List.of(names));
  }
}

package targets.ticker;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import settings.SettingsReader;
import targets.shared.Addresses;
import targets.shared.TargetSpec.Setting;

/** Settings of the publisher; {@link #OPTIONS} defines each. */
record PublisherSettings(
    String host,
    int port,
    URI nats,
    double rate,
    long count,
    int tokens,
    int users,
    List<Kind> kinds,
    long seed) {
  static final List<Setting> OPTIONS =
      List.of(
          new Setting("host", "127.0.0.1", "address to listen on"),
          new Setting("port", "3002", "port of /health and /metrics, 0 for any free one"),
          Addresses.NATS,
          new Setting("rate", "10", "messages a second, of all feeds together"),
          new Setting("count", "0", "messages in all, 0 for no end"),
          new Setting("tokens", "10", "tokens of the market: T1, T2 and so on"),
          new Setting("users", "0", "users with trades of their own: user-1, user-2 and so on"),
          new Setting("kinds", words(List.of(Kind.values())), "kinds of messages"),
          new Setting("seed", "42", "seed of prices and of the order of messages"));

  private static final double RATE_MIN = 0.001;
  private static final double RATE_MAX = 1_000_000;
  private static final int TOKENS_MAX = 2_000;
  private static final int USERS_MAX = 1_000_000;

  /**
   * Reads all settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  static PublisherSettings read(SettingsReader reader) {
    PublisherSettings settings =
        new PublisherSettings(
            reader.text("host"),
            reader.integer("port", 0, Addresses.PORT_MAX),
            Addresses.nats(reader),
            reader.decimal("rate", RATE_MIN, RATE_MAX),
            reader.wholeNumber("count", 0, Long.MAX_VALUE),
            reader.integer("tokens", 1, TOKENS_MAX),
            reader.integer("users", 0, USERS_MAX),
            kinds(reader),
            reader.wholeNumber("seed", Long.MIN_VALUE, Long.MAX_VALUE));
    reader.finish();
    return settings;
  }

  private static List<Kind> kinds(SettingsReader reader) {
    List<Kind> kinds = new ArrayList<>();
    for (String word : reader.text("kinds").split(",", -1)) {
      String label = word.strip();
      Arrays.stream(Kind.values())
          .filter(kind -> kind.label().equals(label))
          .findFirst()
          .ifPresentOrElse(
              kinds::add,
              () ->
                  reader.error(
                      "kinds",
                      "'" + label + "' is unknown; choose of " + words(List.of(Kind.values()))));
    }
    return kinds;
  }

  private static String words(List<Kind> kinds) {
    return kinds.stream().map(Kind::label).collect(Collectors.joining(","));
  }
}

package targets.relay.bridge;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import settings.SettingsReader;
import targets.relay.message.Delivery;
import targets.relay.message.Names;
import targets.relay.message.TokenStore;
import targets.shared.Addresses;
import targets.shared.StoreSettings;
import targets.shared.TargetSpec.Setting;

/** Settings of the bridge, with the meanings that {@link #OPTIONS} gives. */
record BridgeSettings(
    String host,
    int port,
    URI redis,
    URI nats,
    Delivery delivery,
    String pattern,
    int shards,
    Optional<String> name,
    Duration lease,
    StoreSettings store,
    Duration drain) {
  static final List<Setting> OPTIONS = options();

  private static final int SHARDS_MAX = 64;

  private static List<Setting> options() {
    List<Setting> options =
        new ArrayList<>(
            List.of(
                new Setting("host", "127.0.0.1", "address to listen on"),
                new Setting("port", "8091", "port of /health and /metrics, 0 for any free one"),
                Addresses.REDIS,
                Addresses.NATS,
                Delivery.OPTION,
                new Setting("pattern", Names.CHANNEL_PATTERN, "core: Redis channels to listen to"),
                new Setting(
                    "shards", "8", "durable: Redis streams " + Names.LOG_PREFIX + "0 and so on"),
                new Setting("name", "", "durable: a bridge of the same name takes over at once"),
                new Setting("lease", "2s", "durable: how long a killed bridge keeps its shards")));
    options.addAll(TokenStore.OPTIONS);
    options.add(new Setting("drain", "5s", "how long to pass on what was read when stopping"));
    return List.copyOf(options);
  }

  /**
   * Reads all settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  static BridgeSettings read(SettingsReader reader) {
    BridgeSettings settings =
        new BridgeSettings(
            reader.text("host"),
            reader.integer("port", 0, Addresses.PORT_MAX),
            Addresses.redis(reader),
            Addresses.nats(reader),
            Delivery.read(reader),
            reader.text("pattern"),
            reader.integer("shards", 1, SHARDS_MAX),
            reader.optionalText("name"),
            reader.duration("lease", Duration.ofMillis(500), Duration.ofMinutes(1)),
            TokenStore.read(reader),
            reader.duration("drain", Duration.ZERO, Duration.ofHours(1)));
    reader.finish();
    return settings;
  }
}

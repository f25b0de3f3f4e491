package targets.relay;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import settings.SettingsReader;
import targets.shared.Addresses;
import targets.shared.Defects;
import targets.shared.StoreSettings;
import targets.shared.TargetSpec.Setting;

/**
 * Everything that can be set when the bridge starts.
 *
 * @param host address of its pages
 * @param port port of its pages, 0 for any
 * @param redis where tokens come from
 * @param nats where they go
 * @param delivery how sure
 * @param pattern Redis channels of core delivery
 * @param shards Redis streams of durable delivery; producers must use the same number
 * @param name of this bridge among its kind; empty for one of its own
 * @param lease how long a shard stays with a bridge that is not heard of
 * @param store what JetStream keeps
 * @param drain how long what was read may take to be passed on when stopping
 * @param defects planted mistakes
 */
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
    Duration drain,
    Defects defects) {
  static final List<Setting> OPTIONS =
      List.of(
          new Setting("host", "127.0.0.1", "address to listen on"),
          new Setting("port", "8091", "port of /health and /metrics, 0 for any free one"),
          Addresses.REDIS,
          Addresses.NATS,
          RelayOptions.DELIVERY,
          new Setting("pattern", Names.CHANNEL_PATTERN, "core: Redis channels to listen to"),
          new Setting("shards", "8", "durable: Redis streams " + Names.LOG_PREFIX + "0 and so on"),
          new Setting("name", "", "durable: a bridge of the same name takes over at once"),
          new Setting("lease", "2s", "durable: how long a killed bridge keeps its shards"),
          RelayOptions.RETAIN,
          RelayOptions.RETAIN_BYTES,
          RelayOptions.NATS_DOMAIN,
          new Setting("drain", "5s", "how long to pass on what was read when stopping"),
          new Setting("defect", "", "planted mistakes: " + names(RelayDefects.OF_BRIDGE)));

  private static final int SHARDS_MAX = 64;

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
            RelayOptions.delivery(reader),
            reader.text("pattern"),
            reader.integer("shards", 1, SHARDS_MAX),
            reader.optionalText("name"),
            reader.duration("lease", Duration.ofMillis(500), Duration.ofMinutes(1)),
            RelayOptions.store(reader),
            reader.duration("drain", Duration.ZERO, Duration.ofHours(1)),
            RelayDefects.read(reader, "defect", RelayDefects.OF_BRIDGE));
    if (settings.defects().troubles().countsRequests()) {
      reader.error("defect", "fd-leak, thread-leak and error need requests; a bridge answers none");
    }
    reader.finish();
    return settings;
  }

  private static String names(Set<String> defects) {
    return String.join(", ", defects);
  }
}

package targets.auction.archive;

import java.time.Duration;
import java.util.List;
import settings.SettingsReader;
import targets.auction.EventStore;
import targets.shared.Addresses;
import targets.shared.TargetSpec.Setting;

/** Settings of the archive; {@link #OPTIONS} explains each. */
record ArchiveSettings(
    String host, int port, String postgres, int batch, EventStore.Settings store, Duration drain) {
  static final List<Setting> OPTIONS =
      List.of(
          new Setting("host", "127.0.0.1", "address to listen on"),
          new Setting("port", "8082", "port of /health and /metrics, 0 for any free one"),
          Addresses.NATS,
          new Setting(
              "postgres",
              "jdbc:postgresql://127.0.0.1:5432/bidding?user=bidding&password=bidding",
              "JDBC address of PostgreSQL"),
          new Setting("batch", "500", "events stored in one transaction"),
          EventStore.RETAIN,
          EventStore.RETAIN_BYTES,
          new Setting("drain", "5s", "how long to finish the batch in hand when stopping"));

  private static final int BATCH_MAX = 10_000;

  /**
   * Reads all settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  static ArchiveSettings read(SettingsReader reader) {
    ArchiveSettings settings =
        new ArchiveSettings(
            reader.text("host"),
            reader.integer("port", 0, Addresses.PORT_MAX),
            reader.text("postgres"),
            reader.integer("batch", 1, BATCH_MAX),
            EventStore.Settings.read(reader, "archive"),
            reader.duration("drain", Duration.ZERO, Duration.ofHours(1)));
    if (!settings.postgres().startsWith("jdbc:postgresql://")) {
      // Does not repeat the address, which may hold a password.
      reader.error("postgres", "must be an address such as jdbc:postgresql://127.0.0.1:5432/bids");
    }
    reader.finish();
    return settings;
  }
}

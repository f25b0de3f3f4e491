package targets.auction.archive;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import settings.SettingsReader;
import targets.auction.AuctionDefects;
import targets.auction.EventStore;
import targets.shared.Addresses;
import targets.shared.Defects;
import targets.shared.StoreSettings;
import targets.shared.TargetSpec.Setting;

/**
 * Everything that can be set when the archive starts.
 *
 * @param host address of its pages
 * @param port port of its pages, 0 for any
 * @param nats where events come from
 * @param postgres JDBC address, with user and password if it asks
 * @param batch events stored at once
 * @param store what JetStream keeps
 * @param drain how long to finish the batch in hand when stopping
 * @param defects planted mistakes
 */
record ArchiveSettings(
    String host,
    int port,
    URI nats,
    String postgres,
    int batch,
    StoreSettings store,
    Duration drain,
    Defects defects) {
  static final List<Setting> OPTIONS =
      List.of(
          new Setting("host", "127.0.0.1", "address to listen on"),
          new Setting("port", "8082", "port of /health and /metrics, 0 for any free one"),
          Addresses.NATS,
          new Setting(
              "postgres",
              "jdbc:postgresql://127.0.0.1:5432/bidding?user=bidding&password=bidding",
              "PostgreSQL, as JDBC writes it"),
          new Setting("batch", "500", "events stored in one transaction"),
          EventStore.RETAIN,
          EventStore.RETAIN_BYTES,
          new Setting("drain", "5s", "how long to finish the batch in hand when stopping"),
          new Setting("defect", "", Defects.help(AuctionDefects.OF_ARCHIVE)));

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
            Addresses.nats(reader),
            reader.text("postgres"),
            reader.integer("batch", 1, BATCH_MAX),
            EventStore.read(reader),
            reader.duration("drain", Duration.ZERO, Duration.ofHours(1)),
            Defects.read(reader, "defect", AuctionDefects.OF_ARCHIVE));
    if (!settings.postgres().startsWith("jdbc:postgresql://")) {
      // A password in it is not said again.
      reader.error("postgres", "must be an address such as jdbc:postgresql://127.0.0.1:5432/bids");
    }
    if (settings.defects().troubles().countsRequests()) {
      reader.error(
          "defect", "fd-leak, thread-leak and error need requests; an archive answers none");
    }
    reader.finish();
    return settings;
  }
}

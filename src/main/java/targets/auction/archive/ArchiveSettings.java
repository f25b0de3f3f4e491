package targets.auction.archive;

import java.time.Duration;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import targets.auction.EventStore;

/** Settings of the archive. */
record ArchiveSettings(
    @Option(value = "127.0.0.1", about = "address to listen on") String host,
    @Option(
            value = "8082",
            max = "65535",
            about = "port of /health and /metrics, 0 for any free one")
        int port,
    @Option(
            value = "jdbc:postgresql://127.0.0.1:5432/bidding?user=bidding&password=bidding",
            about = "JDBC address of PostgreSQL")
        String postgres,
    @Option(value = "500", min = "1", max = "10000", about = "events stored in one transaction")
        int batch,
    EventStore.Settings store,
    @Option(value = "5s", max = "1h", about = "how long to finish the batch in hand when stopping")
        Duration drain)
    implements Checked {
  @Override
  public void check(SettingsReader reader) {
    if (!postgres.startsWith("jdbc:postgresql://")) {
      // Does not repeat the address, which may hold a password.
      reader.error("postgres", "must be an address such as jdbc:postgresql://127.0.0.1:5432/bids");
    }
  }
}

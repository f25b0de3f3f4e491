package targets.auction.archive;

import io.nats.client.Message;
import java.sql.SQLException;
import java.util.List;
import java.util.function.UnaryOperator;
import settings.SettingsReader;
import targets.auction.AuctionEvent;
import targets.auction.EventStore;
import targets.shared.Extension;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.Pump;
import targets.shared.Service;
import targets.shared.Target;
import targets.shared.TargetSpec;

/** Composition of the archive; see the package. */
public final class ArchiveServer {
  /** The target's specification. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "archive",
          "Auction: every accepted bid into PostgreSQL, exactly once",
          ArchiveSettings.class,
          reader -> start(reader, UnaryOperator.identity(), Extension.NONE));

  /** Stores events, each at most once. */
  @FunctionalInterface
  public interface EventArchive {
    /**
     * Stores events in one transaction.
     *
     * @return the number of new bids
     * @throws SQLException if nothing was stored
     */
    int store(List<AuctionEvent> events) throws SQLException;
  }

  private ArchiveServer() {}

  /**
   * Starts the archive; returns when it listens, whether NATS and PostgreSQL answer or not.
   *
   * @param seam decorates the archive
   * @throws settings.BadSettings for wrong settings, or if the port cannot be bound
   */
  public static Target start(
      SettingsReader reader, UnaryOperator<EventArchive> seam, Extension extension) {
    ArchiveSettings settings = reader.finish(ArchiveSettings.class);
    LinkState natsState = new LinkState("NATS");
    LinkState postgresState = new LinkState("PostgreSQL");
    ArchiveCounters counters = new ArchiveCounters(natsState, postgresState);
    Service service = new Service("archive", 1, counters.all, extension);
    PostgresArchive postgres = new PostgresArchive(settings.postgres());
    service.onClose(postgres::close);
    EventStore store =
        new EventStore(
            settings.store(), service, natsState, NatsLink.Watcher.NONE, System::nanoTime);
    ArchiveWriter writer = new ArchiveWriter(postgres, seam, postgresState, counters);
    service.add(
        new Pump<Message>(
            "archive",
            new EventConsumer(store, settings.batch(), counters),
            writer,
            new Pump.Ending(settings.drain(), false),
            System::nanoTime));
    service.needs(natsState);
    service.needs(store.state());
    service.needs(postgresState);
    service.listen(settings.host(), settings.port());
    return service;
  }
}

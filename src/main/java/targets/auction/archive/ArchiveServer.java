package targets.auction.archive;

import io.nats.client.Message;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import targets.auction.AuctionEvent;
import targets.auction.EventStore;
import targets.shared.Clocks;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.LinkState;
import targets.shared.Listener;
import targets.shared.NatsLink;
import targets.shared.Pump;
import targets.shared.Service;
import targets.shared.TargetSpec;

/** Composition of the archive; see the package. */
public final class ArchiveServer {
  public static final TargetSpec SPEC =
      new TargetSpec(
          "archive",
          8082,
          "Auction: every accepted bid into PostgreSQL, exactly once",
          Settings.class,
          reader -> start(reader, UnaryOperator.identity()));

  static final int BATCH_MAX = 10_000;

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

  record Settings(
      Listener listener,
      @Option(
              value = "jdbc:postgresql://127.0.0.1:5432/bidding?user=bidding&password=bidding",
              help = "JDBC address of PostgreSQL")
          String postgres,
      @Option(value = "500", in = "1.." + BATCH_MAX, help = "events stored in one transaction")
          int batch,
      EventStore store,
      @Option(value = "5s", in = "0..1h", help = "how long to finish the batch when stopping")
          Duration drain)
      implements Checked {
    @Override
    public void check(SettingsReader reader) {
      if (!postgres.startsWith("jdbc:postgresql://")) {
        // Does not repeat the address, which may hold a password.
        reader.error(
            "postgres", "must be an address such as jdbc:postgresql://127.0.0.1:5432/bids");
      }
    }
  }

  private ArchiveServer() {}

  /** Starts the archive, as {@link TargetSpec#start} does; the seam decorates where it stores. */
  public static Service start(
      SettingsReader reader, UnaryOperator<EventArchive> seam, Extension... extensions) {
    Settings settings = reader.finish(Settings.class);
    LinkState state = new LinkState("PostgreSQL");
    LinkState consumer = new LinkState("the JetStream consumer of the archive");
    Figures counters = new Figures();
    Service service = new Service("archive", 1, counters, extensions);
    PostgresArchive postgres = new PostgresArchive(settings.postgres());
    service.onClose(postgres::close);
    NatsLink store = settings.store().link(service, counters, NatsLink.Watcher.NONE);
    counters.counter("postgres_losses", "Times PostgreSQL was lost", state::losses);
    ArchiveWriter writer = new ArchiveWriter(postgres, seam, state, counters);
    service.add(
        new Pump<Message>(
            "archive",
            new EventConsumer(store, consumer, settings.batch(), counters),
            writer,
            new Pump.Ending(settings.drain(), false),
            Clocks.SYSTEM.nano()));
    store.states().forEach(service::needs);
    service.needs(consumer);
    service.needs(state);
    service.listen(settings.listener());
    return service;
  }

  /** Figures of the archive: received = archived + others + repeated + refused + in hand. */
  static final class Figures extends Counters {
    final LongAdder received = counter("events_received", "Events from JetStream");
    final LongAdder archived = counter("bids_archived", "Bids inserted");
    final LongAdder others = counter("events_others", "Events other than bids");
    final LongAdder repeated = counter("events_repeated", "Bids that were already there");
    final LongAdder missing = counter("events_missing", "Events deleted before they were read");
    final LongAdder refused = counter("events_refused", "Events that the schema refuses");
    final LongAdder batches = counter("batches", "Transactions");
    final LongAdder retries = counter("retries", "Batches that were retried");

    /** Events that JetStream has for the archive, when it last reported it; -1 before. */
    volatile long waiting = -1;

    Figures() {
      super("archive_");
      gauge("events_waiting", "Events still in JetStream", () -> waiting);
    }
  }
}

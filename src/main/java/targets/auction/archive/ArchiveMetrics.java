package targets.auction.archive;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.LinkState;
import targets.shared.Metrics;

/**
 * What the archive counts. Thread-safe.
 *
 * <p>Conservation: received = archived bids + other events + repeated + refused + in hand.
 */
final class ArchiveMetrics {
  /** Events that JetStream gave, some perhaps again. */
  final LongAdder received = new LongAdder();

  /** Bids inserted. */
  final LongAdder archived = new LongAdder();

  /** Events that are no bids. */
  final LongAdder others = new LongAdder();

  /** Bids that were there already. */
  final LongAdder repeated = new LongAdder();

  /** Events that the schema refuses, and messages that are no events. */
  final LongAdder refused = new LongAdder();

  /** Transactions. */
  final LongAdder batches = new LongAdder();

  /** Batches tried again. */
  final LongAdder retries = new LongAdder();

  /** Events that JetStream has for the archive, when it last said so; -1 if it did not. */
  private volatile long waiting = -1;

  private final LinkState nats;
  private final LinkState postgres;
  private final Metrics page = new Metrics(this::figures);

  ArchiveMetrics(LinkState nats, LinkState postgres) {
    this.nats = nats;
    this.postgres = postgres;
    page.counter("archive_events_received", "Events from JetStream", received::sum);
    page.counter("archive_bids_archived", "Bids inserted", archived::sum);
    page.counter("archive_events_others", "Events that are no bids", others::sum);
    page.counter("archive_events_repeated", "Bids that were there already", repeated::sum);
    page.counter("archive_events_refused", "Events that the schema refuses", refused::sum);
    page.counter("archive_batches", "Transactions", batches::sum);
    page.counter("archive_retries", "Batches tried again", retries::sum);
    page.gauge("archive_events_waiting", "Events still in JetStream", () -> waiting);
    page.counter("archive_nats_losses", "Times NATS was lost", nats::losses);
    page.counter("archive_postgres_losses", "Times PostgreSQL was lost", postgres::losses);
  }

  /** So many events are still to come. */
  void waiting(long events) {
    waiting = events;
  }

  Metrics page() {
    return page;
  }

  private Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("events_received", received.sum());
    figures.put("bids_archived", archived.sum());
    figures.put("events_others", others.sum());
    figures.put("events_repeated", repeated.sum());
    figures.put("events_refused", refused.sum());
    figures.put("batches", batches.sum());
    figures.put("retries", retries.sum());
    figures.put("events_waiting", waiting);
    figures.put("nats_losses", nats.losses());
    figures.put("postgres_losses", postgres.losses());
    return figures;
  }
}

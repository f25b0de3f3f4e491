package targets.auction.archive;

import java.util.concurrent.atomic.LongAdder;
import targets.shared.Counters;

/** Figures of the archive: received = archived + others + repeated + refused + in hand. */
final class ArchiveCounters {
  final Counters all = new Counters("archive_");
  final LongAdder received = all.counter("events_received", "Events from JetStream");
  final LongAdder archived = all.counter("bids_archived", "Bids inserted");
  final LongAdder others = all.counter("events_others", "Events other than bids");
  final LongAdder repeated = all.counter("events_repeated", "Bids that were already there");
  final LongAdder missing = all.counter("events_missing", "Events deleted before they were read");
  final LongAdder refused = all.counter("events_refused", "Events that the schema refuses");
  final LongAdder batches = all.counter("batches", "Transactions");
  final LongAdder retries = all.counter("retries", "Batches that were retried");

  /** Events that JetStream has for the archive, when it last reported it; -1 before. */
  volatile long waiting = -1;

  ArchiveCounters() {
    all.gauge("events_waiting", "Events still in JetStream", () -> waiting);
  }
}

/**
 * The archive, {@code serve archive}: every accepted bid into PostgreSQL, exactly once.
 *
 * <pre>
 *   JetStream, durable consumer archival-worker
 *     ArchiveWorker   fetches a batch, stores it, and acknowledges it only then
 *     Archive         one transaction: items, then bids, then the items' prices
 *   PostgreSQL: items, bids (foreign key, unique event), refused_events
 * </pre>
 *
 * <p>A batch that was stored and not acknowledged comes again and changes nothing: the event's id
 * is the key. While PostgreSQL is away, events wait in JetStream and the batch in hand is tried
 * again, ever more slowly. An event that the schema refuses is kept in {@code refused_events} with
 * the reason, so that it does not hold up the others.
 *
 * <p>Endpoints: {@code /health}, {@code /healthz}, {@code /readyz}, {@code /metrics}.
 *
 * <p>Limits: events in hand ({@code --batch}), those that JetStream has given out and not heard of
 * (twice that). JetStream forgets what is older than {@code --retain}: an outage may not be longer.
 *
 * <p>Not imitated: partitions by time, users' accounts.
 */
package targets.auction.archive;

/**
 * The archive, {@code serve archive}: every accepted bid into PostgreSQL, exactly once.
 *
 * <pre>
 *   JetStream, durable consumer archival-worker
 *     EventConsumer    reads a batch, and acknowledges it once it is stored
 *     ArchiveWriter    stores it, or its events one by one if one is refused
 *     PostgresArchive  one transaction: items, then bids, then the items' prices
 *   PostgreSQL: items, bids (foreign key, unique event), refused_events
 * </pre>
 *
 * <p>A batch that was stored and not acknowledged is delivered again and changes nothing: the
 * event's id is the key. While PostgreSQL is away, events wait in JetStream and the batch in hand
 * is retried with back-off. An event that the schema refuses is kept in {@code refused_events} with
 * the reason, so that it does not delay the others.
 *
 * <p>Endpoints: {@code /health}, {@code /healthz}, {@code /readyz}, {@code /metrics}.
 *
 * <p>Limits: events in hand ({@code --batch}), events delivered and not acknowledged (twice that).
 * JetStream drops what is older than {@code --retain}: an outage must be shorter.
 *
 * <p>Not imitated: partitions by time, users' accounts.
 */
package targets.auction.archive;

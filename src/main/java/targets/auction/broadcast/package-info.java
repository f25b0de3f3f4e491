/**
 * The broadcast service, {@code serve broadcast}: every accepted bid to everybody who watches.
 *
 * <pre>
 *   JetStream says what it has stored    bid_events.*      one subscription
 *   Feeds (NATS's thread)                finds the item    events of items without viewers end here
 *   ItemFeed (one event loop an item)    orders, fills holes from the store, encodes one frame
 *   Audience (one an item and loop)      writes that frame to its viewers, one buffer for all
 *   Viewer                               a WebSocket, with a bounded outbox
 * </pre>
 *
 * <p>No race between the state on joining and the events that follow: the item's event loop hands
 * the state to the viewer's loop through the queue that also carries the events. So what is in the
 * state was queued before it, and what is not comes after it.
 *
 * <p>Once and in order: events carry the item's sequence. One that was had is not passed on; one
 * that is ahead makes the feed read the store from where it is. What the store has lost too is told
 * by {@code {"type": "gap", "from", "to"}}.
 *
 * <p>Endpoints: {@code /ws/items/{id}}, {@code /stats/items/{id}}; {@code /health}, {@code
 * /healthz}, {@code /readyz}, {@code /metrics}. A viewer gets {@code {"type": "connected"}}, {@code
 * {"type": "state"}}, then events as they were stored.
 *
 * <p>Limits, each with a counter: viewers ({@code refused_requests}), bytes that wait for one
 * viewer ({@code slow_viewers}), events on their way to the event loops (then NATS's client waits,
 * and at its own bound {@code events_dropped} counts and the store is read), a frame of a client.
 *
 * <p>Not imitated: who may watch what, compression, TLS.
 */
package targets.auction.broadcast;

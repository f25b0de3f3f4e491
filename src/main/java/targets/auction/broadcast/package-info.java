/**
 * The broadcast service, {@code serve broadcast}: every accepted bid to every viewer of its item.
 *
 * <pre>
 *   JetStream republishes stored events  bid_events.*     one subscription
 *   ItemFeeds (the NATS client's thread) finds the item   events of items without viewers end here
 *   ItemFeed (one event loop an item)    orders, fills gaps from the store, encodes one frame
 *   PushGroup (one an item and loop)     writes that frame to its viewers, one buffer for all
 *   ViewerRoutes.Viewer                  a WebSocket, with a bounded outbox
 * </pre>
 *
 * <p>No race between the state on joining and the events that follow: the item's event loop hands
 * the state to the viewer's loop through the queue that also carries the events. An event in the
 * state was queued before it; any other follows it.
 *
 * <p>Once and in order: events carry the item's sequence. A repeated event is dropped; one that is
 * ahead makes the feed read the store from its position. What the store has lost too is reported by
 * {@code {"type": "gap", "from", "to"}}.
 *
 * <p>Endpoints: {@code /ws/items/{id}}, {@code /stats/items/{id}}; {@code /health}, {@code
 * /healthz}, {@code /readyz}, {@code /metrics}. A viewer receives {@code {"type": "connected"}},
 * {@code {"type": "state"}}, then events as they were stored.
 *
 * <p>Limits, each with a counter: viewers ({@code refused_requests}), bytes that wait for one
 * viewer ({@code slow_viewers}), events that wait for an event loop (the feed pauses, then reads
 * the store: {@code events_replayed}) or for a feed (the NATS client waits, and at its own limit
 * {@code events_dropped} counts and the store is read), the size of a viewer's frame.
 *
 * <p>Not imitated: authorisation of viewers, compression, TLS.
 */
package targets.auction.broadcast;

/**
 * The bid service, {@code serve bids}: decides bids in Redis and publishes what was accepted.
 *
 * <pre>
 *   HTTP threads (Jetty) -- RedisLane, one connection, batches --> bid.lua, item.lua
 *                                                                    | XADD auction:events
 *   EventRelay, a thread and a connection of its own  <--------------+
 *       | publishes in order, waits for JetStream's acknowledgement, then deletes the entries
 *       v
 *   NATS JetStream, stream BID_EVENTS
 * </pre>
 *
 * <p>Endpoints: {@code POST /api/v1/items/{id}/bid}, {@code GET /api/v1/items/{id}}, {@code PUT
 * /api/v1/items/{id}} makes an item, {@code POST /api/v1/items/{id}/open}, {@code /close}, {@code
 * /reset}; {@code /health}, {@code /healthz}, {@code /readyz}, {@code /metrics}.
 *
 * <p>Limits, each with a counter: requests at once ({@code refused_requests}), requests waiting for
 * Redis ({@code away}), events waiting for NATS ({@code full}), a body's size ({@code
 * bad_requests}), connections, slow heads and bodies, idle time ({@code connections_closed}). A 503
 * reports by {@code "decided"} whether the bid may have been decided: {@code false} it was not,
 * {@code "unknown"} it may have been, and a repetition with the same {@code Idempotency-Key}
 * returns the answer.
 *
 * <p>Not imitated: who may bid, several currencies, bids below the price that are remembered.
 */
package targets.auction.bid;

/**
 * The auction: many users bid on one item, all see every price, and nothing accepted is lost.
 *
 * <pre>
 *   bidder   POST /api/v1/items/id/bid       to bid (Javalin)
 *   bid      decides by a script in Redis, which appends accepted bids to auction:events
 *   bid      publishes auction:events        to JetStream, bid.events.id (stream BID_EVENTS)
 *   JetStream republishes bid_events.id      to broadcast
 *   broadcast  /ws/items/id                  to viewers (Netty)
 *   archive  reads bid.events.id             into PostgreSQL
 * </pre>
 *
 * <p>This package holds what the three share: the {@linkplain targets.auction.AuctionEvent event},
 * money, the names of subjects and keys. They do not see each other.
 *
 * <p>Exact decimals: the keys are the original's, {@code item:<id>:current_bid} and {@code
 * item:<id>:highest_bidder}, but the price is whole cents, because the original's Lua numbers lose
 * cents when they are written or returned. Added: {@code item:<id>:status}, {@code :sequence},
 * {@code :request:<key>}.
 *
 * <p>Limits: an amount has at most two decimals and is at most 9,999,999,999.99; there is one event
 * log for all items, so a Redis Cluster would need its keys in one slot.
 */
package targets.auction;

/**
 * The parts of {@link simulations.FanOutSimulation}: viewers of one item who see every accepted
 * bid, and one bidder who bids by an open schedule.
 *
 * <pre>
 *   Step          so many viewers on an item, and the bids that are made for them
 *   BidSchedule   the bidder: a bid is due when the plan says so, answered or not
 *   FanOutViewer  one viewer: when it saw each bid, and what came twice or late
 *   LagByBid      the lags of each bid over its viewers, then over the bids
 * </pre>
 *
 * <p>A bid is known by its amount: the first is one cent above the price that was found, each
 * further one a cent more. So a service needs no sequence numbers to be checked.
 *
 * <p>Limits: one int for each viewer and bid, at most {@link
 * simulations.fanout.FanOutSettings#CELLS_MAX}; nothing else is kept of a frame. Gatling sees
 * frames only while a check waits: one check waits as long as the viewer stays, from the handshake
 * on.
 */
package simulations.fanout;

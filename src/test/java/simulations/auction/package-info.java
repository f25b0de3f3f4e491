/**
 * The parts of the auction's simulations: {@link simulations.ContendedBidsSimulation} and {@link
 * simulations.BreakingPointSimulation}, and the stack that all simulations of the auction share.
 *
 * <pre>
 *   AuctionTargets   starts Redis, NATS, PostgreSQL and the services that are needed, or reaches
 *   Bidder           one user: reads or follows the price, bids above it, at it or below it
 *   History          every request of every user, with its call and its return
 *   Viewer           hears every accepted bid over a WebSocket
 *   BidReconciliation  the history, the stores and the viewers held against each other
 * </pre>
 *
 * <p>Limits: the history holds a bounded number of requests, see {@link
 * simulations.auction.History}; what did not fit is counted and the audit says so.
 */
package simulations.auction;

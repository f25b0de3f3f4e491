/**
 * The parts of {@link simulations.ContendedBidsSimulation}, which all simulations of the auction
 * share.
 *
 * <pre>
 *   AuctionItem       one item, and every request about it with its call and its return
 *   Bidder            reads or follows the price, bids above it, at it or below it
 *   PriceReader       reads prices
 *   AuctionRecorder   the bids that one viewer of an item receives, and their lags
 *   Ledger            the accepted bids of an item, with which archive and viewers are compared
 *   Broadcasts        that comparison for all viewers of a load
 *   AuctionStores     Redis, JetStream and the archive, as the audit reads them
 * </pre>
 *
 * <p>Limits: an item keeps a bounded number of requests, see {@link
 * simulations.auction.AuctionItem}; the audit reports those that did not fit.
 */
package simulations.auction;

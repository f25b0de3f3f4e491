/**
 * The parts of {@link simulations.ContendedBidsSimulation}, which all simulations of the auction
 * share.
 *
 * <p>Limits: an item keeps a bounded number of requests, see {@link
 * simulations.auction.AuctionItem}; the audit reports those that did not fit.
 */
package simulations.auction;

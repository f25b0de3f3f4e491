/**
 * The parts of {@link simulations.MixedWorkloadSimulation}: bidders, viewers and browsers, over
 * many items of which few are popular.
 *
 * <pre>
 *   Zipf         which item a user is drawn to
 *   MixedItem    one item: its bidders' history, when its bids were sent
 *   Browser      one who only looks
 *   Watcher      one who sees every accepted bid of an item
 *   MixedAudit   every item's history, archive and viewers held against each other
 * </pre>
 *
 * <p>Limits: a history holds a bounded number of requests, see {@link simulations.auction.History};
 * of a watcher a few numbers are kept. When all bidders have left, the items are closed and opened
 * again: the number of that event tells each watcher how many there were to see.
 */
package simulations.mixed;

/**
 * The parts of {@link simulations.FanOutSimulation}: viewers of one item that receive every
 * accepted bid, and one bidder with an open schedule. Targets and the recorder of a viewer are
 * those of {@link simulations.auction}.
 *
 * <p>A bid is known by its amount, so a service needs no sequence numbers to be checked.
 *
 * <p>Limits: an amount and a lag for each viewer and bid, at most 50 million. Gatling sees frames
 * only while a check waits: one check waits as long as the viewer stays, from the handshake on.
 */
package simulations.fanout;

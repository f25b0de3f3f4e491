/**
 * The parts of {@link simulations.MixedWorkloadSimulation}: bidders, viewers and browsers, over
 * many items of which few are popular. Targets, requests and recorders are those of {@link
 * simulations.auction}.
 *
 * <p>When all bidders have left, the items are closed and opened again, by which their viewers
 * recognise the end.
 */
package simulations.mixed;

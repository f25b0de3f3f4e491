/**
 * The parts of {@link simulations.ResilienceSimulation}: bidders and viewers of one item, while a
 * plan of faults strikes the processes behind them. Requests, recorders and the audit are those of
 * {@link simulations.auction}; viewers that are cut off connect again.
 *
 * <p>Figures of the phases before, during and after the faults are computed at the end, from the
 * time of every request, connection and broadcast, and the time at which each fault really struck.
 */
package simulations.resilience;

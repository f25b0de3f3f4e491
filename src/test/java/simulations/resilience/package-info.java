/**
 * The parts of {@link simulations.ResilienceSimulation}: the users of a system, while a plan of
 * faults strikes the processes behind them and the links between. A {@link
 * simulations.resilience.FaultedSystem} brings the load, the journeys, the recorders and the audit
 * of the system's own simulation; users that are cut off connect again.
 *
 * <p>Figures of the phases before, during and after the faults come from the latencies as they are
 * recorded, and from the connections of each user, by the time at which each fault really struck.
 */
package simulations.resilience;

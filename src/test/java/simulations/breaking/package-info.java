/**
 * The parts of {@link simulations.BreakingPointSimulation}; targets, bidders and their audit are
 * those of {@link simulations.auction}.
 */
package simulations.breaking;

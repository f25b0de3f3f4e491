/**
 * The settings of {@link simulations.ContendedBidsSimulation}; everything else is shared with the
 * other simulations of the auction, see {@link simulations.auction}.
 */
package simulations.contend;

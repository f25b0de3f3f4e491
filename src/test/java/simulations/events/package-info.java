/**
 * The parts of the five simulations of an event server ({@link simulations.ThroughputSimulation}
 * and the others): how it is reached, what its clients request, the recorder that sees every event
 * of a stream, the checks that all of them share, and the plan, the load and the audit of each.
 */
package simulations.events;

/**
 * The parts of {@link simulations.SseBattleSimulation}: its settings, its requests, its journeys,
 * the recorder that sees every event of a stream, and the audit of a whole run.
 */
package simulations.sse;

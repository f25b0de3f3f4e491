/**
 * The parts of {@link simulations.PingPongSimulation}: users who keep a WebSocket open, ping by a
 * schedule and see every frame of a market's feed; a few attackers and one slow client beside them;
 * and the audit of a whole run.
 *
 * <p>Gatling sees frames only while a check waits, and loses those that come in between. So a check
 * always waits: it never matches, sees every frame, and its time is up exactly when the next ping
 * is due.
 */
package simulations.ticker;

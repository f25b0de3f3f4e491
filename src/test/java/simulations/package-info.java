/**
 * The simulations that users start. They speak HTTP, SSE and WebSocket to an address and know
 * nothing of what answers there.
 *
 * <pre>
 *   SseBattleSimulation      proxy and token server        ttft, gap, e2e, goodput
 *   TokenRelaySimulation     Redis to NATS to SSE relay    delivery_lag, hops, reconnect
 *   PingPongSimulation       market feed over WebSockets   rtt, delivery_lag, connect
 *   ContendedBidsSimulation  auction, all on one item      accepted_per_s, bid_accepted
 *   BreakingPointSimulation  auction, rising load          knee, step_p99
 * </pre>
 */
package simulations;

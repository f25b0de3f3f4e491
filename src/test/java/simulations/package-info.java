/**
 * The simulations that users start. They speak HTTP, SSE and WebSocket to an address and know
 * nothing of what answers there.
 *
 * <pre>
 *   SseBattleSimulation    proxy and token server        ttft, gap, e2e, goodput
 *   TokenRelaySimulation   Redis to NATS to SSE relay    delivery_lag, hops, reconnect
 *   PingPongSimulation     market feed over WebSockets   rtt, delivery_lag, connect
 * </pre>
 */
package simulations;

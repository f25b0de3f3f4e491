/**
 * Same-run comparisons that anyone can repeat: what Gauntlet's proxy costs beside nginx and
 * HAProxy, and what its injector costs beside a bare Netty client.
 *
 * <pre>
 *                     ┌── direct ───────────────┐
 *   SseReceiver  &lt;────┼── Gauntlet's proxy  &lt;───┼──── llm (one process for all)
 *   stamps each event ├── nginx             &lt;───┤
 *                     └── HAProxy           &lt;───┘
 * </pre>
 *
 * <p>One lane after the other carries the same streams; the order turns by one with each round. CPU
 * is read between the moment when all streams are open and just before the first one ends. Every
 * process is started, awaited and stopped by its own handle.
 *
 * <p>How many tokens the relay carries is asked by the package {@code bench.relay}; what it takes
 * to pass a feed on to many WebSockets by {@code bench.fanout}; how many bids an item takes by
 * {@code bench.bids}.
 *
 * <p>Limits: Linux only, for CPU and memory come from {@code /proc}; everything runs on one
 * machine, so a lane also competes with its source and its receiver, equally in every lane.
 */
package bench;

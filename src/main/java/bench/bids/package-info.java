/**
 * How many bids a second the bid service decides on one item over HTTP, beside what the same script
 * in the same Redis decides when {@code redis-benchmark} asks for it.
 *
 * <pre>
 *   floor        redis-benchmark ---------------------&gt; Redis
 *   lua          wrk -- HTTP --&gt; bids -- EVALSHA -----&gt; Redis   (and its relay to NATS)
 *   optimistic   wrk -- HTTP --&gt; bids -- WATCH, MULTI -&gt; Redis
 * </pre>
 *
 * <p>The client is not ours. Accepted bids are counted by the item's sequence in Redis. The floor
 * of a step is that of its own share of accepted bids.
 *
 * <p>Limits: Linux only, for CPU comes from {@code /proc}; the client shares the machine with what
 * it measures; it is closed-loop, so its latencies are those of users who wait for their answers.
 */
package bench.bids;

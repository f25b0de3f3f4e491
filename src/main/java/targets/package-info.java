/**
 * The systems under load, one package each, every one a process of its own.
 *
 * <pre>
 *   client ──&gt; proxy ──&gt; llm                            token streams over SSE
 *   producer ──&gt; Redis ──&gt; relay ──&gt; client             tokens over SSE, by way of NATS
 *   publisher ──&gt; NATS ──&gt; ticker ──&gt; client            a market over WebSockets
 *   client ──&gt; auction ──&gt; viewers, PostgreSQL          bids, decided in Redis
 *   events ──&gt; client                                   streams and a broadcast over SSE
 * </pre>
 *
 * A target does not know that it is measured, and never imports another target; they share {@link
 * targets.shared} and nothing else.
 */
package targets;

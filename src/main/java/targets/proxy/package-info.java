/**
 * A proxy that passes token streams on and does not know what they are.
 *
 * <pre>
 *            ┌─ one event loop for both sides of a stream ──────────────────────┐
 *   client ──┤ ClientSide ── Exchange ── UpstreamSide ── UpstreamPool           ├──&gt; upstream
 *          &lt;─┤ ClientResponse &lt;── BodyScanner (finds content and end, no copies)│
 *            └──────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <table>
 * <caption>Endpoints</caption>
 * <tr><td>{@code GET /sse?client_id=…}</td><td>POST /v1/chat/completions with a fixed question; the
 * rest of the query goes along</td></tr>
 * <tr><td>{@code /v1/…}; with {@code straight} every other path</td><td>straight through, bodies
 * streamed both ways</td></tr>
 * <tr><td>{@code /health}, {@code /readyz}</td><td>200 while an upstream answers its own, else
 * 503</td></tr>
 * <tr><td>{@code /healthz}</td><td>200 while the process lives</td></tr>
 * <tr><td>{@code /metrics}, {@code /metrics/prometheus}</td><td>counters; the JSON holds the
 * upstream's too</td></tr>
 * </table>
 *
 * <p>Limits: streams ({@code max-streams}, then 503), bytes waiting for one client ({@code
 * buffer-high} and one read of at most 16 KiB; then its upstream is not read), heads (32 KiB of a
 * client, 64 KiB of the upstream), idle upstream connections (1,024 an event loop, 15 s), client
 * connections, slow heads and bodies, idle time ({@code connections_closed}). A silent side is
 * given up after its time-out.
 *
 * <p>A response's chunk framing is passed on as the upstream wrote it: the scanner only checks it
 * and finds the end. A response that breaks never looks whole to its client.
 *
 * <p>Not imitated of the original: its 50 ms buffer, its lost last newline and its way of counting;
 * they are planted defects that can be switched on. Not there: TLS, HTTP/2, upgrades; a request
 * whose body was streamed is never sent twice. Several upstreams take turns, and one that does not
 * accept is left out for that request; an idle connection serves any request.
 */
package targets.proxy;

/**
 * A server of SSE events: streams of numbered events at a set pace, and a broadcast.
 *
 * <pre>
 *   Http2              HTTP/2 by prior knowledge, upgrade or TLS; one channel for each stream
 *     v
 *   EventsEdge         one connection: a stream, a published event, or a page
 *     |  StreamRequest   path, delay, count, Last-Event-ID; or a refusal with its reason
 *     v
 *   EventStream        one stream: writes what is due, waits for a slow client, ends
 *     |   ^-- Source.Numbered   event 1, 2, 3 ... at a pace; resumes by its number
 *     |   ^-- Feed              published events in a window, read by each stream at its own pace
 *     |   ^-- Pacer             wakes what is due, once a millisecond
 *     |   ^-- Watcher           one thread for all: keep-alive, send time-out, stop
 *   socket
 * </pre>
 *
 * <p>Endpoints: {@code GET /sse?delay=0.01} without an end, {@code GET
 * /sse/finite?count=100&amp;delay=0.01}, {@code GET /sse/slow?delay=0.1} with payloads of 4,096
 * bytes, {@code GET /broadcast}, {@code POST /broadcast} with the data of an event, {@code
 * /health}, {@code /healthz}, {@code /readyz}, {@code /metrics}, {@code /metrics/prometheus}.
 * Delays are in seconds; with 0 events leave as fast as the client reads them.
 *
 * <p>Every event has an {@code id}: its number, from 1. {@code Last-Event-ID} (or {@code
 * last_event_id} in the query) resumes after it. A finite stream that has nothing left is answered
 * by 204, which ends an EventSource. A broadcast resumes from a window of the newest events; if
 * some are gone, also for a client that became too slow, the stream has an event {@code replay-gap}
 * with the number {@code wanted} and the {@code first} one that follows ({@code replay_missed}).
 *
 * <p>At SIGTERM every stream gets an event {@code shutdown} and its proper end; what is not written
 * within {@code --drain} is cut off.
 *
 * <p>On {@code --port} HTTP/1.1 and HTTP/2 without TLS, by prior knowledge and by an upgrade; on
 * {@code --tls-port} both with TLS, and a certificate that is made at each start.
 *
 * <p>Limits, each with a counter: streams ({@code refused_requests}), bytes waiting for one
 * connection ({@code client_stalls}), how long a client may read nothing ({@code send_timeouts}),
 * the window ({@code replay_missed}), the size of a published event, and those of every HTTP
 * connection ({@code connections_closed}).
 *
 * <p>Law: streams started = open + completed + aborted. Stalls of event loops: see LoopProbe.
 *
 * <p>Not imitated: the original's ASGI workers, its ping factory, more than one broadcast.
 */
package targets.events;

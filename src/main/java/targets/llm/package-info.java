/**
 * A server of OpenAI's chat completions and responses and of Anthropic's messages that speaks
 * seeded text at an exact pace.
 *
 * <pre>
 *   POST /v1/chat/completions
 *     |  LlmServer      path, method, key, JSON: a chat or a refusal, both plain values;
 *     |                 at most max-streams, otherwise 429
 *     v
 *   Connection          one ChatAnswer at a time, in the order of the requests
 *     |
 *     v
 *   TokenStream  &lt;── Pacer       one per event loop: wakes what is due, once a millisecond
 *     |  StreamPlan              which token, due when: pure
 *     v  EventWriter             bytes of an SSE event: a prefix made once, the word, a suffix;
 *     |                          templates of the three APIs are in resources/llm
 *   socket
 * </pre>
 *
 * <p>Endpoints: {@code POST /v1/chat/completions}, {@code POST /v1/responses} and {@code POST
 * /v1/messages}, streamed or not, {@code GET /v1/models}, {@code GET /v1/models/{id}}, {@code GET
 * /health}, {@code GET /metrics}, {@code GET /metrics/prometheus}.
 *
 * <p>Token k is due at the request's arrival + first-token + k * duration / tokens; the finish
 * chunk and {@code [DONE]} at first-token + duration. Due times are absolute: lateness never adds
 * up. Each token leaves at its due time or within a millisecond after, never before.
 *
 * <p>Limits, each with a counter where it can be reached by a client: streams ({@code
 * rejected_requests}), bytes waiting for one connection ({@code buffer_limit_hits}), how long a
 * client may make no room (then it is cut off, {@code aborted_streams}), body size, pipelined
 * requests on one connection, connections, slow heads and bodies, idle time ({@code
 * connections_closed}).
 *
 * <p>Laws that hold whenever nothing is in flight: {@code requests = total_streams +
 * rejected_requests} and {@code total_streams = active + completed + aborted}.
 *
 * <p>Not imitated: the words of a model, tools, logprobs, more than one choice, embeddings and
 * every other endpoint, organisations, quotas over time, TLS, HTTP/2, request targets in absolute
 * form. Tokens of the prompt are counted as words.
 */
package targets.llm;

/**
 * The token relay: what a model says, from Redis over NATS to a browser.
 *
 * <pre>
 *   core
 *     producer  PUBLISH llm:tokens:id            to BridgeServer (CoreFeed)
 *     bridge    publishes chat.id.tokens         to AdapterServer (CoreFollower)
 *   durable
 *     producer  XADD llm:token-log:shard         to BridgeServer (DurableFeed)
 *     bridge    publishes chat-log.id            to JetStream, and XACKs after its ack
 *     JetStream republishes chat.id.tokens       to AdapterServer (DurableFollower)
 *     adapter   asks JetStream for what was missed (StoreReader)
 *   both
 *     adapter   text/event-stream                to the client (SseStream)
 * </pre>
 *
 * <p>A message is {@code {"conversation_id", "token", "sequence" from 1, "done", "timestamp" unix
 * ns}}; it is passed on as it was written, and each hop adds its time: {@code "hops": {"redis",
 * "bridge", "nats", "adapter"}}, unix ns, those that there are.
 *
 * <p>Endpoints of the adapter: {@code GET /stream/{id}}, {@code POST /chat}; of both: {@code
 * /health}, {@code /healthz}, {@code /readyz}, {@code /metrics}, {@code /metrics/prometheus}.
 *
 * <p>Limits, each with a counter: streams ({@code refused_requests}), bytes waiting for one client
 * ({@code clients_slowed}, {@code ended.slow}), messages waiting in NATS's client ({@code
 * troubles.nats_slow}) and for a NATS that is away ({@code troubles.nats_away}), a message's size
 * ({@code troubles.too_large}), entries under way in the bridge. In core delivery, a token that is
 * lost anywhere shows as {@code tokens_missing}; in durable delivery, none is. The only thing kept
 * by conversation is its subscription while somebody listens ({@code conversations}).
 *
 * <p>Two bridges of core delivery pass everything on twice, shown as {@code tokens_late}. A
 * subscription is confirmed by the NATS server that the adapter is connected to; behind a leaf
 * node, core delivery may miss what is said before the hub knows of it, durable delivery does not.
 *
 * <p>Not imitated: who may read which conversation, TLS to clients, a group of bridges that share
 * shards evenly (the first one reads all, the others stand by), a JetStream of several servers.
 */
package targets.relay;

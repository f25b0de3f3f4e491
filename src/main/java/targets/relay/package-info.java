/**
 * The token relay: a model's tokens from Redis over NATS to browsers, in two processes.
 *
 * <pre>
 *   core
 *     producer  PUBLISH llm:tokens:id            to bridge.ChannelForwarder
 *     bridge    publishes chat.id.tokens         to adapter.Subscriptions, Place
 *   durable
 *     producer  XADD llm:token-log:shard         to bridge.TokenLog
 *     bridge    publishes chat-log.id            to JetStream, and XDELs after its ack
 *     JetStream republishes chat.id.tokens       to adapter.Subscriptions, Place
 *     adapter   reads missed tokens from JetStream (StoredTokens)
 *   both
 *     adapter   text/event-stream                to the client (SseStream)
 * </pre>
 *
 * <p>A message is {@code {"conversation_id", "token", "sequence" from 1, "done", "timestamp" unix
 * ns}}; it is passed on as it was written, and each hop adds its time: {@code "hops": {"redis",
 * "bridge", "nats", "adapter"}}, unix ns.
 *
 * <p>Endpoints of the adapter: {@code GET /stream/{id}}, {@code POST /chat}; of both: {@code
 * /health}, {@code /healthz}, {@code /readyz}, {@code /metrics}, {@code /metrics/prometheus}.
 *
 * <p>Limits, each with a counter: streams ({@code refused_requests}), unsent bytes of one client
 * ({@code clients_slowed}, {@code ended.slow}), messages in NATS's client ({@code
 * troubles.nats_slow}) and for a NATS that is away ({@code troubles.nats_away}), a message's size
 * ({@code troubles.too_large}), entries under way in the bridge. In core delivery every lost token
 * shows as {@code tokens_missing}; in durable delivery none is lost. Nothing but its subscription
 * is kept for a conversation, and only while it has subscribers ({@code conversations}).
 *
 * <p>Two bridges of core delivery pass everything on twice, shown as {@code tokens_late}. A
 * subscription is confirmed by the NATS server that the adapter is connected to; behind a leaf
 * node, core delivery may miss tokens until the hub has it, durable delivery does not.
 *
 * <p>Not imitated: permission to read a conversation, TLS to clients, bridges that share shards
 * (the first one reads all, the others stand by), a JetStream of several servers.
 */
package targets.relay;

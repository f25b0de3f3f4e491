/**
 * The ticker: a market feed over WebSockets, for users with a JSON web token.
 *
 * <pre>
 *   PublisherServer      publishes odin.token.ID.price and so on   to NATS
 *   Market               receives it, encodes one frame for each message
 *   Subscribers          one group for each event loop             shared.PushGroup
 *   Subscriber           one WebSocket: subscriptions, answers     shared.PushClient
 *   TickerRoutes         pages, and the way to a WebSocket
 *   Admission, JwtCheck    limits and tokens                       before the WebSocket
 * </pre>
 *
 * <p>Endpoints: {@code GET /ws?token=...}, or with {@code Authorization: Bearer ...}, or with the
 * token as subprotocol, which is then selected; {@code /health}, {@code /healthz}, {@code /readyz},
 * {@code /metrics}, {@code /metrics/prometheus}, {@code /stats}; with {@code --dev-tokens true},
 * {@code POST /auth/token}.
 *
 * <p>From the client: {@code ping} with a {@code timestamp}, {@code subscribe} and {@code
 * unsubscribe} with {@code tokens}. Without a subscription a client receives all tokens. To the
 * client: {@code connection:established}, {@code pong}, {@code heartbeat}, {@code
 * subscription:ack}, {@code error}, {@code feed:conflated}, and the broadcasts {@code
 * price:update}, {@code volume:update}, {@code holder:update}, {@code trade:executed}, {@code
 * batch:update}, {@code market:stats}. All carry a {@code nonce}.
 *
 * <p>A broadcast is the published message with more fields: {@code feed}, such as {@code T1.price}:
 * one for each token and kind, for each user's trades, for batches and for the market; {@code seq}
 * within the feed, from 1 in every {@code epoch}, which is the time when the publisher started;
 * {@code published} and {@code relayed}, when it left the publisher and the ticker, in unix ns. So
 * for a client and a feed, messages received + those counted in {@code feed:conflated} = the last
 * sequence - the first one + 1, or something was lost.
 *
 * <p>Limits, each with a counter: WebSockets ({@code refused.full}), attempts to connect ({@code
 * refused.flood}) and frames ({@code limited_frames}) of an address, frames of a connection ({@code
 * closed.too_many}), the size of a message ({@code closed.too_large}); for a slow client 32 KiB and
 * the kernel's send buffer, then the outbox, in which prices, volumes, holders and market figures
 * are conflated and trades and batches are not ({@code deliveries_conflated}, {@code
 * closed.outbox_full}, {@code closed.stalled}); broadcasts waiting for the loops ({@code
 * broadcasts_waiting}), then messages in NATS's client ({@code nats_dropped}); feeds ({@code
 * troubles.too_many_feeds}), addresses, subscriptions of a client, and connections besides
 * WebSockets ({@code connections_closed.full}).
 *
 * <p>Not imitated: TLS to clients, a check of the Origin header (the token is in no cookie, so no
 * page of another site can use it), revocation of tokens before their expiry, replay of missed
 * messages, the original's roll-out by user, its HTTP polling and trading.
 */
package targets.ticker;

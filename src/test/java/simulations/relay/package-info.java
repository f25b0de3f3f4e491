/**
 * The parts of {@link simulations.TokenRelaySimulation}: a producer that publishes tokens to Redis
 * by an open schedule, readers of every token of their conversations, two small groups beside them
 * that resume a stream or read slowly, and the audit of a whole run.
 *
 * <p>Where producer and consumer are processes of their own, both count conversations in the same
 * way, and a producer marks its end by an empty one, a last message without a token, in the next
 * number of each of its places.
 */
package simulations.relay;

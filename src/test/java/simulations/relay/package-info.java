/**
 * The parts of {@link simulations.TokenRelaySimulation}: a producer that publishes tokens to Redis
 * by an open schedule, readers of every token of their conversations, two small groups beside them
 * that resume a stream or read slowly, and the audit of a whole run.
 *
 * <pre>
 *   TokenPublisher --- PUBLISH or XADD ---> Redis ... the relay under load ... SSE ---> readers
 *        ^                                                                              |
 *        +------- Conversation: begins when its reader is connected (mode both) --------+
 * </pre>
 *
 * <p>Conversations have the ids {@code <prefix>-<number>}. Where producer and consumer are
 * processes of their own, both count numbers in the same way, and a producer marks its end by an
 * empty conversation, a last message without a token, in the next number of each of its places.
 */
package simulations.relay;

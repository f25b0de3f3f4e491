/**
 * How many tokens a second the relay carries on this machine, and what an open stream of it costs.
 *
 * <pre>
 *   lane      TokenProducer                                            Arrivals
 *   redis     Redis ----------------------------------------------------&gt; RedisEar
 *   nats      Redis -&gt; bridge -&gt; NATS ----------------------------------&gt; NatsEar
 *   core      Redis -&gt; bridge -&gt; NATS -&gt; adapter -----------------------&gt; SseEar
 *   durable   Redis -&gt; bridge -&gt; JetStream -&gt; adapter ------------------&gt; SseEar
 * </pre>
 *
 * <p>One lane after the other, each with a Redis and a NATS of its own. A step of a lane is a rate:
 * each token of it is due by a plan that waits for nobody, and its lag counts from then on, at one
 * clock, for producer and ear are one process. Conversations are new in each step, and open before
 * it begins.
 *
 * <p>Limits: Linux only, for CPU comes from {@code /proc}; all processes share the machine, so that
 * producer and ear take from what they measure, in every lane alike. Lost is what did not come
 * until nothing came for a while.
 */
package bench.relay;

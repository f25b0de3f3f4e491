/**
 * What it takes to pass one feed on to many WebSockets: Gauntlet's ticker and broadcast beside
 * nats-server's own WebSocket listener and nginx's module nchan, with the same message and the same
 * viewers, in one run.
 *
 * <pre>
 *   lane        Announcer                                    Viewers
 *   ticker      NATS -&gt; ticker -----------------------------&gt; N WebSockets,
 *   broadcast   JetStream -&gt; broadcast ---------------------&gt; all on one
 *   nats        nats-server --------------------------------&gt; event loop
 *   nchan       HTTP -&gt; nginx with nchan --------------------&gt;
 * </pre>
 *
 * <p>One lane after the other, each with processes of its own. Each message is due by a plan that
 * waits for nobody, and its lag at each viewer counts from then on, at one clock. A few viewers
 * warm a server up before its memory is read the first time.
 *
 * <p>Limits: Linux only, for CPU and memory come from {@code /proc}; all processes share the
 * machine, so that the viewers take from what they measure, in every lane alike; their one thread
 * bounds the deliveries a second. The ticker adds its own fields to the message, about 150 bytes;
 * broadcast stores each message before it passes it on, which the other lanes do not.
 */
package bench.fanout;

/**
 * Processes that a run needs: Redis, nats-server, PostgreSQL, the bundled targets and their peers,
 * started on free loopback ports, awaited with a bounded real probe, and stopped so that none is
 * left behind.
 *
 * <pre>
 *  RedisServer  NatsServer  PostgresServer  Peer          TargetProcess
 *       \           |           /            |                 |
 *        +------- Server ------+-------------+                 |
 *                   |    \                                     |
 *                 Probe   +------- ManagedProcess -------------+
 *                                        |
 *                                      Guard
 *  Program, ProgramCache: where the server programs come from
 *  SmallDisk: a file system for the data of a server, which can be full
 *  External: running servers named by the user; probed, not started
 * </pre>
 *
 * <p>What cannot be started, does not get ready or cannot be reached is a {@link
 * stack.StackFailure}, in words for the user.
 */
package stack;

/**
 * The processes that a run needs: Redis, nats-server, PostgreSQL and the targets, started on free
 * loopback ports, awaited with a bounded real probe, watched, and stopped, so that none is left
 * behind.
 *
 * <pre>
 *  RedisServer  NatsServer  PostgresServer          TargetProcess
 *       \           |           /    \                   |
 *        +------- Server ------+      Probe       ChildProcess -- Guard
 *                   |                                    ^
 *                   +------------------------------------+
 *  RedisProgram, NatsProgram, PostgresProgram: where the programs come from, by way of ProgramCache
 *  External: servers of the user's own, asked and not started
 * </pre>
 */
package stack;

/** Second process of the relay: tokens from NATS to clients, as server-sent events. */
package targets.relay.adapter;

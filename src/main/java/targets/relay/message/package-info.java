/**
 * Messages of the relay and the names under which Redis and NATS carry them; shared by bridge and
 * adapter.
 */
package targets.relay.message;

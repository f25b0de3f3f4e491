/** First process of the relay: tokens from Redis to NATS. */
package targets.relay.bridge;

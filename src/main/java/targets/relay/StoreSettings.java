package targets.relay;

import java.time.Duration;

/**
 * What JetStream keeps of every conversation.
 *
 * @param retain tokens older than this are forgotten
 * @param bytes at most so much; then the oldest are forgotten
 */
record StoreSettings(Duration retain, long bytes) {}

package targets.shared;

import java.time.Duration;

/**
 * What a JetStream store keeps.
 *
 * @param retain what is older than this is forgotten
 * @param bytes at most so much; then the oldest are forgotten
 */
public record StoreSettings(Duration retain, long bytes) {}

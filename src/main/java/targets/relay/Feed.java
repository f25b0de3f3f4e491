package targets.relay;

/** How the bridge takes messages from Redis and brings them to NATS. */
interface Feed extends AutoCloseable {
  /** Begins; returns at once. */
  void start();

  /** Stops reading, and passes on what was read, within the bound of the settings. */
  @Override
  void close();
}

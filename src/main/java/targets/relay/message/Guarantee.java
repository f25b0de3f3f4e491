package targets.relay.message;

/** Delivery guarantee of the relay. */
public enum Guarantee {
  /** Publish and subscribe all the way, as in the original: at most once. */
  CORE,
  /** Redis Streams and JetStream: every token once and in order, whichever process is killed. */
  DURABLE
}

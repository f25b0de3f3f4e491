package targets.shared;

/** Gives one message to one client; a seam for decorators. Used by the event loop of the client. */
@FunctionalInterface
public interface Delivery<M extends PushMessage> {
  /** Outcome of one delivery. */
  enum Result {
    DELIVERED,
    /** In the outbox. */
    WAITING,
    /** In the outbox, in the place of an older message of its feed. */
    CONFLATED,
    /** Over the outbox limit; the client is closed. */
    REFUSED
  }

  /** Writes the message or lets it wait; does not flush. */
  Result deliver(PushClient<M> client, M message);
}

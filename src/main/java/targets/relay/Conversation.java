package targets.relay;

import io.nats.client.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One conversation that somebody listens to: one subscription, however many members. The
 * subscription and its state belong to {@link Conversations}.
 */
final class Conversation {
  private final String id;
  private final List<Member> members = new CopyOnWriteArrayList<>();

  /** Whether NATS confirmed the subscription. */
  private boolean confirmed;

  private Subscription subscription;

  Conversation(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  List<Member> members() {
    return members;
  }

  boolean isConfirmed() {
    return confirmed;
  }

  void confirm() {
    confirmed = true;
  }

  Subscription subscription() {
    return subscription;
  }

  void subscribed(Subscription made) {
    subscription = made;
    confirmed = false;
  }
}

package targets.relay.adapter;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import targets.relay.message.Channels;
import targets.relay.message.Undelivered;
import targets.relay.message.Undelivered.Reason;
import targets.shared.NatsLink;
import targets.shared.Worker;

/**
 * Subscriptions to live tokens, one for each conversation, however many subscribers it has. A
 * subscriber has joined only after NATS has confirmed the subscription by a round trip: everything
 * published afterwards arrives. One worker subscribes for all, so that many subscribers who come at
 * once share one round trip. Thread-safe.
 */
final class Subscriptions extends Worker implements NatsLink.Watcher {
  private static final int KIB = 1024;

  /** KiB of tokens on their way to the event loops; above it NATS's client has to wait. */
  private static final int UNDER_WAY_MAX = (int) (NatsLink.HEAP_SHARE / KIB);

  private static final Duration CONFIRM_BOUND = Duration.ofSeconds(2);

  private final AdapterServer adapter;
  private final Semaphore underWay = new Semaphore(UNDER_WAY_MAX);
  private final Map<String, Conversation> all = new HashMap<>();
  private final Set<Conversation> touched = new LinkedHashSet<>();
  private Connection connection;
  private Dispatcher dispatcher;

  private static final class Conversation {
    final String id;
    final List<Place> subscribers = new CopyOnWriteArrayList<>();
    boolean confirmed;
    Subscription subscription;

    Conversation(String id) {
      this.id = id;
    }

    void notifySubscribers(Consumer<Place> event) {
      subscribers.forEach(subscriber -> subscriber.loop().execute(() -> event.accept(subscriber)));
    }
  }

  Subscriptions(AdapterServer adapter) {
    super("subscriber", CONFIRM_BOUND);
    this.adapter = adapter;
  }

  /** Adds a subscriber; the outcome is reported on its event loop. */
  synchronized void join(String id, Place subscriber) {
    Conversation conversation = all.computeIfAbsent(id, Conversation::new);
    conversation.subscribers.add(subscriber);
    adapter.metrics.conversations = all.size();
    if (conversation.confirmed) {
      subscriber.loop().execute(subscriber::joined);
    } else {
      touch(conversation);
    }
  }

  synchronized void leave(String id, Place subscriber) {
    Conversation conversation = all.get(id);
    if (conversation != null
        && conversation.subscribers.remove(subscriber)
        && conversation.subscribers.isEmpty()) {
      touch(conversation);
    }
  }

  @Override
  public synchronized void connected(Connection made) {
    connection = made;
    dispatcher = NatsLink.dispatcher(made, unused -> {});
    for (Conversation conversation : all.values()) {
      conversation.subscription = null;
      conversation.confirmed = false;
      touch(conversation);
    }
  }

  @Override
  public synchronized void resubscribed() {
    all.values().forEach(conversation -> conversation.notifySubscribers(Place::missed));
  }

  @Override
  public synchronized void dropped() {
    long count = dispatcher == null ? 0 : dispatcher.getDroppedCount();
    Undelivered losses = adapter.metrics.undelivered;
    long lost = Math.max(1, count - losses.count(Reason.NATS_SLOW));
    losses.add(Reason.NATS_SLOW, lost, "the adapter is too slow for its messages");
    resubscribed();
  }

  private void touch(Conversation conversation) {
    touched.add(conversation);
    wake();
  }

  /** Waits for touched conversations, and brings their subscriptions up to date. */
  @Override
  protected long work() throws InterruptedException {
    await(Long.MAX_VALUE);
    List<Conversation> unconfirmed;
    Connection used;
    synchronized (this) {
      used = connection;
      if (used == null) {
        return 0; // The first connection touches all conversations.
      }
      unconfirmed = List.copyOf(touched);
      touched.clear();
    }
    String failure = "";
    try {
      synchronized (this) { // A connection that came meanwhile has touched all conversations.
        unconfirmed = unconfirmed.stream().filter(this::subscribe).toList();
      }
      if (!unconfirmed.isEmpty()) {
        used.flush(CONFIRM_BOUND);
      }
    } catch (TimeoutException e) {
      failure = "NATS did not confirm the subscription";
    } catch (IllegalStateException e) {
      failure = "NATS is away";
    }
    confirm(unconfirmed, used, failure);
    return 0;
  }

  /** Subscribes, or unsubscribes for want of subscribers; returns true if it must be confirmed. */
  private boolean subscribe(Conversation conversation) {
    boolean wanted = !conversation.subscribers.isEmpty();
    if (wanted && conversation.subscription == null) {
      conversation.confirmed = false;
      conversation.subscription =
          dispatcher.subscribe(
              Channels.subject(conversation.id), message -> receive(conversation, message));
    } else if (!wanted) {
      if (conversation.subscription != null && dispatcher.isActive()) {
        dispatcher.unsubscribe(conversation.subscription);
      }
      all.remove(conversation.id, conversation);
      adapter.metrics.conversations = all.size();
    }
    return wanted && !conversation.confirmed;
  }

  private synchronized void confirm(
      List<Conversation> unconfirmed, Connection used, String failure) {
    for (Conversation conversation : unconfirmed) {
      if (!failure.isEmpty()) {
        conversation.notifySubscribers(subscriber -> subscriber.refused(failure));
      } else if (used == connection && conversation.subscription != null) {
        conversation.confirmed = true;
        conversation.notifySubscribers(Place::joined);
      }
    }
  }

  /** On the dispatcher's thread. */
  private void receive(Conversation conversation, Message message) {
    adapter
        .token(message)
        .ifPresent(
            token -> conversation.subscribers.forEach(subscriber -> pass(subscriber, token)));
  }

  private void pass(Place subscriber, Token token) {
    int weight = Math.min(UNDER_WAY_MAX, 1 + token.event().length / KIB);
    underWay.acquireUninterruptibly(weight);
    subscriber
        .loop()
        .execute(
            () -> {
              underWay.release(weight);
              subscriber.live(token);
            });
  }
}

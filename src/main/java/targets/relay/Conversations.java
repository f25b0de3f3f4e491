package targets.relay;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import targets.shared.NatsLink;

/**
 * Who listens to what. A conversation is subscribed to once, when its first member comes, and a
 * member has joined only after NATS has confirmed the subscription by a round trip: what is
 * published afterwards is heard. One thread subscribes for all, so that many members who come at
 * once share one round trip. Thread-safe.
 */
final class Conversations implements NatsLink.Watcher, AutoCloseable {
  /** KiB of tokens on their way to the event loops; above it NATS's client has to wait. */
  static final int UNDER_WAY_MAX = 65_536;

  private static final int KIB = 1024;

  /** What NATS's client keeps for the adapter before it drops, which is counted. */
  private static final long PENDING_MESSAGES_MAX = 131_072;

  private static final long PENDING_BYTES_MAX = 64L << 20;
  private static final int BATCH_MAX = 2048;
  private static final Duration CONFIRM_BOUND = Duration.ofSeconds(2);

  private final AdapterMetrics metrics;
  private final LongSupplier unixNs;
  private final Semaphore underWay = new Semaphore(UNDER_WAY_MAX);
  private final Map<String, Conversation> all = new HashMap<>();
  private final Set<Conversation> touched = new LinkedHashSet<>();
  private final Thread thread = new Thread(this::run, "subscriber");
  private Connection connection;
  private Dispatcher dispatcher;
  private boolean closed;

  /**
   * @param metrics counts what cannot be passed on
   * @param unixNs stamps the messages
   */
  Conversations(AdapterMetrics metrics, LongSupplier unixNs) {
    this.metrics = metrics;
    this.unixNs = unixNs;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Lets a member join; it is told on its event loop how that went. */
  synchronized void join(String id, Member member) {
    Conversation conversation = all.computeIfAbsent(id, Conversation::new);
    conversation.members().add(member);
    metrics.conversations(all.size());
    if (conversation.isConfirmed()) {
      member.loop().execute(member::joined);
    } else {
      touch(conversation);
    }
  }

  /** Lets a member go; it hears nothing new. */
  synchronized void leave(String id, Member member) {
    Conversation conversation = all.get(id);
    if (conversation != null && conversation.members().remove(member)) {
      if (conversation.members().isEmpty()) {
        touch(conversation);
      }
    }
  }

  @Override
  public synchronized void connected(Connection made) {
    connection = made;
    dispatcher = made.createDispatcher(unused -> {});
    dispatcher.setPendingLimits(PENDING_MESSAGES_MAX, PENDING_BYTES_MAX);
    for (Conversation conversation : all.values()) {
      conversation.subscribed(null);
      touch(conversation);
    }
  }

  @Override
  public synchronized void resubscribed() {
    all.values().forEach(conversation -> tell(conversation, Member::missed));
  }

  @Override
  public synchronized void dropped() {
    long count = dispatcher == null ? 0 : dispatcher.getDroppedCount();
    long known = metrics.troubles.count(Trouble.NATS_SLOW);
    metrics.troubles.add(
        Trouble.NATS_SLOW, Math.max(1, count - known), "the adapter is too slow for its messages");
    resubscribed();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.interrupt();
  }

  private void touch(Conversation conversation) {
    touched.add(conversation);
    notifyAll();
  }

  private void run() {
    try {
      while (true) {
        serve(awaitTouched());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized List<Conversation> awaitTouched() throws InterruptedException {
    while (touched.isEmpty() || connection == null) {
      if (closed) {
        throw new InterruptedException("closed");
      }
      wait();
    }
    List<Conversation> batch = touched.stream().limit(BATCH_MAX).toList();
    batch.forEach(touched::remove);
    return batch;
  }

  private void serve(List<Conversation> batch) throws InterruptedException {
    List<Conversation> asked = new ArrayList<>();
    Connection used;
    String failure = "";
    synchronized (this) {
      used = connection;
      try {
        batch.stream().filter(this::subscribe).forEach(asked::add);
      } catch (IllegalStateException e) {
        failure = "NATS is away";
        asked.addAll(batch);
      }
    }
    if (failure.isEmpty() && !asked.isEmpty()) {
      try {
        used.flush(CONFIRM_BOUND);
      } catch (TimeoutException | IllegalStateException e) {
        failure = "NATS did not confirm the subscription";
      }
    }
    confirm(asked, used, failure);
  }

  /** Subscribes or unsubscribes as the members ask; true if a confirmation is needed. */
  private boolean subscribe(Conversation conversation) {
    boolean wanted = !conversation.members().isEmpty();
    if (wanted && conversation.subscription() == null) {
      conversation.subscribed(
          dispatcher.subscribe(
              Names.subject(conversation.id()), message -> heard(conversation, message)));
    } else if (!wanted) {
      if (conversation.subscription() != null && dispatcher.isActive()) {
        dispatcher.unsubscribe(conversation.subscription());
      }
      all.remove(conversation.id(), conversation);
      metrics.conversations(all.size());
    }
    return wanted && !conversation.isConfirmed();
  }

  private synchronized void confirm(List<Conversation> asked, Connection used, String failure) {
    for (Conversation conversation : asked) {
      if (!failure.isEmpty()) {
        tell(conversation, member -> member.refused(failure));
      } else if (used == connection && conversation.subscription() != null) {
        conversation.confirm();
        tell(conversation, Member::joined);
      }
    }
  }

  private static void tell(Conversation conversation, Consumer<Member> what) {
    for (Member member : conversation.members()) {
      member.loop().execute(() -> what.accept(member));
    }
  }

  /** On the dispatcher's thread. */
  private void heard(Conversation conversation, Message message) {
    Token.Read read = Token.read(message, unixNs);
    if (read instanceof Token.Read.Good good) {
      for (Member member : conversation.members()) {
        pass(member, good.token());
      }
    } else if (read instanceof Token.Read.Bad bad) {
      metrics.troubles.add(bad.why().trouble(), bad.why().reason());
    }
  }

  private void pass(Member member, Token token) {
    int weight = Math.min(UNDER_WAY_MAX, 1 + token.event().length / KIB);
    underWay.acquireUninterruptibly(weight);
    member
        .loop()
        .execute(
            () -> {
              underWay.release(weight);
              member.live(token);
            });
  }
}

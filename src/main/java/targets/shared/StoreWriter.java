package targets.shared;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes messages to a JetStream store, many at a time, in order. Each message has an id, so
 * that publishing it again does no harm. Used by one thread.
 */
public final class StoreWriter {
  private static final Logger LOG = LoggerFactory.getLogger(StoreWriter.class);
  private static final Duration ACKNOWLEDGE_BOUND = Duration.ofSeconds(2);
  private static final String MESSAGE_ID = "Nats-Msg-Id";

  private final Supplier<Optional<Connection>> nats;
  private final JetStreamOptions options;
  private final Consumer<PublishAck> stored;
  private final LongSupplier nanoClock;
  private boolean logged;

  /** A message for the store; its headers have at least the id. The body is not changed. */
  @SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
  public record Outgoing(String subject, Headers headers, byte[] body) {
    /** A message with no other header than its id. */
    public static Outgoing of(String subject, String id, byte[] body) {
      return new Outgoing(subject, new Headers().put(MESSAGE_ID, id), body);
    }
  }

  /** A writer that reports each acknowledgement, in order. */
  public StoreWriter(
      Store store,
      Supplier<Optional<Connection>> nats,
      Consumer<PublishAck> stored,
      LongSupplier nanoClock) {
    this.nats = nats;
    this.options = store.options();
    this.stored = stored;
    this.nanoClock = nanoClock;
  }

  /** Publishes in order; returns how many from the first on were acknowledged. */
  public int write(List<Outgoing> messages) throws InterruptedException {
    Optional<Connection> connection = nats.get();
    if (connection.isEmpty()) {
      return 0;
    }
    List<CompletableFuture<PublishAck>> acks = new ArrayList<>(messages.size());
    try {
      JetStream store = connection.get().jetStream(options);
      for (Outgoing message : messages) {
        acks.add(store.publishAsync(message.subject(), message.headers(), message.body()));
      }
    } catch (IOException | IllegalStateException e) {
      log(e); // Messages that were sent before NATS went away may still be acknowledged.
    }
    long deadlineNs = nanoClock.getAsLong() + ACKNOWLEDGE_BOUND.toNanos();
    int acknowledged = 0;
    while (acknowledged < acks.size() && isStored(acks.get(acknowledged), deadlineNs)) {
      acknowledged++;
    }
    acks.forEach(ack -> ack.cancel(false)); // Frees those that are not awaited.
    return acknowledged;
  }

  private boolean isStored(CompletableFuture<PublishAck> ack, long deadlineNs)
      throws InterruptedException {
    try {
      long leftNs = Math.max(0, deadlineNs - nanoClock.getAsLong());
      stored.accept(ack.get(leftNs, TimeUnit.NANOSECONDS));
      return true;
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      log(e);
      return false;
    }
  }

  private void log(Exception e) {
    if (!logged) {
      LOG.warn("JetStream did not store a message, which is published again: {}", e.toString());
    }
    logged = true;
  }
}

package targets.relay;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import targets.shared.StoreSettings;

/**
 * Publishes messages to the store, many at a time, in their order. A message has an id by which the
 * store knows it again: publishing once more what may have been stored does no harm. One thread.
 */
final class StorePublisher {
  private static final String MESSAGE_ID = "Nats-Msg-Id";

  private final JetStreamOptions options;
  private final BridgeMetrics metrics;
  private final LongSupplier nanoClock;
  private final Duration bound;

  /**
   * @param settings where the store is
   * @param bound how long all acknowledgements of one batch may take
   */
  StorePublisher(
      StoreSettings settings, BridgeMetrics metrics, LongSupplier nanoClock, Duration bound) {
    this.options = settings.options();
    this.metrics = metrics;
    this.nanoClock = nanoClock;
    this.bound = bound;
  }

  /** A message for the store. */
  @SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
  record Outgoing(String conversationId, String messageId, byte[] json) {}

  /**
   * Publishes in order.
   *
   * @return how many from the first on were acknowledged; the rest must be published again
   */
  int publish(Connection connection, List<Outgoing> batch) throws InterruptedException {
    List<CompletableFuture<PublishAck>> acks = new ArrayList<>(batch.size());
    try {
      JetStream store = connection.jetStream(options);
      for (Outgoing message : batch) {
        Headers headers = new Headers().put(MESSAGE_ID, message.messageId());
        acks.add(
            store.publishAsync(
                Names.storedSubject(message.conversationId()), headers, message.json()));
      }
    } catch (IOException | IllegalStateException e) {
      // NATS went away in the middle: those that were sent may still be acknowledged.
    }
    long deadlineNs = nanoClock.getAsLong() + bound.toNanos();
    int acknowledged = 0;
    for (CompletableFuture<PublishAck> ack : acks) {
      if (!isStored(ack, deadlineNs)) {
        break;
      }
      acknowledged++;
    }
    acks.forEach(ack -> ack.cancel(false)); // Frees those that nobody waits for any more.
    return acknowledged;
  }

  private boolean isStored(CompletableFuture<PublishAck> ack, long deadlineNs)
      throws InterruptedException {
    try {
      long leftNs = Math.max(0, deadlineNs - nanoClock.getAsLong());
      if (ack.get(leftNs, TimeUnit.NANOSECONDS).isDuplicate()) {
        metrics.repeated.increment();
      }
      return true;
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      return false; // The caller publishes it again.
    }
  }
}

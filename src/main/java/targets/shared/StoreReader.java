package targets.shared;

import io.nats.client.Connection;
import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Reads single messages from a JetStream store through its direct-get interface: one request and
 * one reply, without a consumer on the server or a thread here. Thread-safe.
 */
public final class StoreReader {
  private static final Duration BOUND = Duration.ofSeconds(2);
  private static final int NOT_FOUND = 404;

  private final Supplier<Optional<Connection>> nats;
  private final LongAdder reads;
  private final String subject;

  /** A reader that counts its requests. */
  public StoreReader(Store store, Supplier<Optional<Connection>> nats, LongAdder reads) {
    this.subject = store.directGet();
    this.nats = nats;
    this.reads = reads;
  }

  /**
   * Returns a subject's first message at or behind a position; empty if there is none. Fails if
   * NATS or the store does not answer.
   */
  public CompletableFuture<Optional<Message>> next(String subject, long position) {
    return request("{\"seq\":%d,\"next_by_subj\":\"%s\"}".formatted(position, subject));
  }

  /** Returns a subject's last message; otherwise as {@link #next}. */
  public CompletableFuture<Optional<Message>> last(String subject) {
    return request("{\"last_by_subj\":\"%s\"}".formatted(subject));
  }

  private CompletableFuture<Optional<Message>> request(String body) {
    reads.increment();
    Optional<Connection> connection = nats.get();
    if (connection.isEmpty()) {
      return CompletableFuture.failedFuture(new IllegalStateException("NATS is away"));
    }
    try {
      return connection
          .get()
          .requestWithTimeout(subject, body.getBytes(StandardCharsets.US_ASCII), BOUND)
          .thenApply(StoreReader::found);
    } catch (IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Optional<Message> found(Message answer) {
    if (answer.isStatusMessage() && answer.getStatus().getCode() != NOT_FOUND) {
      throw new IllegalStateException("the store answered " + answer.getStatus());
    }
    // A reply with a status in its headers and no body is not marked as one everywhere.
    boolean none =
        answer.isStatusMessage()
            || (answer.hasHeaders() && answer.getHeaders().getFirst("Status") != null);
    return none ? Optional.empty() : Optional.of(answer);
  }
}

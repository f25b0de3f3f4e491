package targets.relay;

import io.nats.client.Connection;
import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Reads single messages from the JetStream store by its direct-get interface: one question, one
 * answer, no consumer on the server, no thread here. Thread-safe.
 */
final class TokenStore {
  private static final Duration BOUND = Duration.ofSeconds(2);
  private static final int NOT_FOUND = 404;

  private final String subject;
  private final Supplier<Optional<Connection>> nats;
  private final AdapterMetrics metrics;

  /**
   * @param settings where the store is
   * @param nats the connection, if there is one
   */
  TokenStore(StoreSettings settings, Supplier<Optional<Connection>> nats, AdapterMetrics metrics) {
    this.subject = settings.directGet(Names.STORE);
    this.nats = nats;
    this.metrics = metrics;
  }

  /**
   * A conversation's first message at or behind a position; empty if there is none. Fails if NATS
   * or the store does not answer.
   */
  CompletableFuture<Optional<Message>> next(String id, long position) {
    String stored = Names.storedSubject(id);
    return ask("{\"seq\":%d,\"next_by_subj\":\"%s\"}".formatted(position, stored));
  }

  /** A conversation's last message; otherwise as {@link #next}. */
  CompletableFuture<Optional<Message>> last(String id) {
    return ask("{\"last_by_subj\":\"%s\"}".formatted(Names.storedSubject(id)));
  }

  /** Whether a conversation's last message ends it, and a client has that one; as {@link #next}. */
  CompletableFuture<Boolean> hasEnded(String id, long lastEvent) {
    return last(id)
        .thenApply(
            found ->
                found
                    .filter(message -> message.getData() != null)
                    .map(message -> TokenMessage.read(message.getData()))
                    .filter(read -> ends(read, lastEvent))
                    .isPresent());
  }

  private static boolean ends(TokenMessage.Read read, long lastEvent) {
    return read instanceof TokenMessage.Read.Good good
        && good.message().isDone()
        && good.message().sequence() <= lastEvent;
  }

  private CompletableFuture<Optional<Message>> ask(String question) {
    metrics.storeReads.increment();
    Optional<Connection> connection = nats.get();
    if (connection.isEmpty()) {
      return CompletableFuture.failedFuture(new IllegalStateException("NATS is away"));
    }
    try {
      return connection
          .get()
          .requestWithTimeout(subject, question.getBytes(StandardCharsets.US_ASCII), BOUND)
          .thenApply(TokenStore::found);
    } catch (IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Optional<Message> found(Message answer) {
    if (!answer.isStatusMessage()) {
      // An answer with a status in its headers and no body is not marked as one everywhere.
      String status = answer.hasHeaders() ? answer.getHeaders().getFirst("Status") : null;
      if (status == null) {
        return Optional.of(answer);
      }
    }
    if (answer.isStatusMessage() && answer.getStatus().getCode() != NOT_FOUND) {
      throw new IllegalStateException("the store answered " + answer.getStatus());
    }
    return Optional.empty();
  }
}

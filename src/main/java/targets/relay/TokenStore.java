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
  private static final String ASK = "$JS.API.DIRECT.GET." + Names.STORE;
  private static final Duration BOUND = Duration.ofSeconds(2);
  private static final int NOT_FOUND = 404;

  private final Supplier<Optional<Connection>> nats;
  private final AdapterMetrics metrics;

  TokenStore(Supplier<Optional<Connection>> nats, AdapterMetrics metrics) {
    this.nats = nats;
    this.metrics = metrics;
  }

  /**
   * A conversation's first message at or behind a position; empty if there is none. Fails if NATS
   * or the store does not answer.
   */
  CompletableFuture<Optional<Message>> next(String id, long position) {
    String subject = Names.storedSubject(id);
    return ask("{\"seq\":%d,\"next_by_subj\":\"%s\"}".formatted(position, subject));
  }

  /** A conversation's last message; otherwise as {@link #next}. */
  CompletableFuture<Optional<Message>> last(String id) {
    return ask("{\"last_by_subj\":\"%s\"}".formatted(Names.storedSubject(id)));
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
          .requestWithTimeout(ASK, question.getBytes(StandardCharsets.US_ASCII), BOUND)
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

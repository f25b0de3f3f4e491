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
 * Reads single messages from a JetStream store by its direct-get interface: one question, one
 * answer, no consumer on the server, no thread here. Thread-safe.
 */
public final class StoreReader {
  private static final Duration BOUND = Duration.ofSeconds(2);
  private static final int NOT_FOUND = 404;

  private final Supplier<Optional<Connection>> nats;
  private final LongAdder reads;
  private final String ask;

  /**
   * @param settings where the store is
   * @param store its name
   * @param nats the connection, if there is one
   * @param reads counts the questions
   */
  public StoreReader(
      StoreSettings settings, String store, Supplier<Optional<Connection>> nats, LongAdder reads) {
    this.ask = settings.directGet(store);
    this.nats = nats;
    this.reads = reads;
  }

  /**
   * A subject's first message at or behind a position; empty if there is none. Fails if NATS or the
   * store does not answer.
   */
  public CompletableFuture<Optional<Message>> next(String subject, long position) {
    return ask("{\"seq\":%d,\"next_by_subj\":\"%s\"}".formatted(position, subject));
  }

  /** A subject's last message; otherwise as {@link #next}. */
  public CompletableFuture<Optional<Message>> last(String subject) {
    return ask("{\"last_by_subj\":\"%s\"}".formatted(subject));
  }

  private CompletableFuture<Optional<Message>> ask(String question) {
    reads.increment();
    Optional<Connection> connection = nats.get();
    if (connection.isEmpty()) {
      return CompletableFuture.failedFuture(new IllegalStateException("NATS is away"));
    }
    try {
      return connection
          .get()
          .requestWithTimeout(ask, question.getBytes(StandardCharsets.US_ASCII), BOUND)
          .thenApply(StoreReader::found);
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

package targets.shared;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads single messages from a JetStream store through its direct-get interface: one request and
 * one reply, without a consumer on the server or a thread here. Thread-safe.
 */
public final class StoreReader {
  private static final Duration BOUND = Duration.ofSeconds(2);
  private static final int NOT_FOUND = 404;
  private static final String POSITION = "Nats-Sequence";

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

  /** Returns a reader of one subject whose results arrive on an event loop. */
  public OnLoop on(EventLoop loop, String subject, Duration pauseMax) {
    return new OnLoop(this, loop, subject, pauseMax.toMillis());
  }

  /** Returns the position in its store of a message, live or read; 0 if it has none. */
  public static long position(Message message) {
    String text = message.hasHeaders() ? message.getHeaders().getFirst(POSITION) : null;
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0; // Other programs may publish on the subject too.
    }
  }

  /**
   * Reads the messages of one subject, again and again while the store does not answer. Used by one
   * event loop, on which results arrive until {@link #close}.
   */
  public static final class OnLoop {
    private static final long PAUSE_MS = 20;

    private final StoreReader store;
    private final EventLoop loop;
    private final String subject;
    private final long pauseMsMax;
    private long pauseMs = PAUSE_MS;
    private boolean closed;

    private OnLoop(StoreReader store, EventLoop loop, String subject, long pauseMsMax) {
      this.store = store;
      this.loop = loop;
      this.subject = subject;
      this.pauseMsMax = pauseMsMax;
    }

    /** Reads the first message at or behind a position; empty if there is none. */
    public void next(long position, Consumer<Optional<Message>> then) {
      read(() -> store.next(subject, position), then);
    }

    /** Reads the last message; empty if there is none. */
    public void last(Consumer<Optional<Message>> then) {
      read(() -> store.last(subject), then);
    }

    /** Runs an action after a pause, which doubles until the store answers. */
    public void retry(Runnable action) {
      var unused = loop.schedule(() -> run(action), pauseMs, TimeUnit.MILLISECONDS);
      pauseMs = Math.min(pauseMsMax, 2 * pauseMs);
    }

    /** Drops all results that are still to come. */
    public void close() {
      closed = true;
    }

    private void read(
        Supplier<CompletableFuture<Optional<Message>>> request, Consumer<Optional<Message>> then) {
      Consumer<Optional<Message>> take =
          answer -> {
            if (answer == null) {
              retry(() -> read(request, then));
            } else {
              pauseMs = PAUSE_MS;
              then.accept(answer);
            }
          };
      var unused =
          request
              .get()
              .whenComplete(
                  (answer, failure) -> loop.execute(() -> run(() -> take.accept(answer))));
    }

    private void run(Runnable action) {
      if (!closed) {
        action.run();
      }
    }
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

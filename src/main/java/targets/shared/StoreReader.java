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
  private static final String NEXT = "{\"seq\":%d,\"next_by_subj\":\"%s\"}";
  private static final String LAST = "{\"last_by_subj\":\"%s\"}";
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
   * Returns a subject's last message; empty if there is none. Fails if NATS or the store does not
   * answer.
   */
  public CompletableFuture<Optional<Message>> last(String of) {
    return request(LAST.formatted(of));
  }

  /** Returns a reader of one subject whose results arrive on an event loop. */
  public OnLoop on(EventLoop loop, String of, Duration pauseMax) {
    return new OnLoop(loop, of, pauseMax.toMillis());
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
  public final class OnLoop {
    private static final long PAUSE_MS = 20;

    private final EventLoop loop;
    private final String of;
    private final long pauseMsMax;
    private long pauseMs = PAUSE_MS;
    private boolean closed;

    private OnLoop(EventLoop loop, String of, long pauseMsMax) {
      this.loop = loop;
      this.of = of;
      this.pauseMsMax = pauseMsMax;
    }

    /** Reads the first message at or behind a position; empty if there is none. */
    public void next(long position, Consumer<Optional<Message>> then) {
      read(NEXT.formatted(position, of), then);
    }

    /** Reads the last message; empty if there is none. */
    public void last(Consumer<Optional<Message>> then) {
      read(LAST.formatted(of), then);
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

    private void read(String body, Consumer<Optional<Message>> then) {
      Consumer<Optional<Message>> take =
          answer -> {
            if (answer == null) {
              retry(() -> read(body, then));
            } else {
              pauseMs = PAUSE_MS;
              then.accept(answer);
            }
          };
      var unused =
          request(body)
              .whenCompleteAsync((answer, failure) -> run(() -> take.accept(answer)), loop);
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

package targets.relay.adapter;

import io.nats.client.Message;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Reads the stored tokens of one conversation for one stream, again and again while NATS is away.
 * Used by the stream's event loop, on which results arrive until {@link #close}.
 */
final class StoredTokens {
  private static final long RETRY_MS_MIN = 20;
  private static final long RETRY_MS_MAX = 2000;

  private final String id;
  private final EventLoop loop;
  private final TokenSource source;
  private long retryMs = RETRY_MS_MIN;
  private boolean closed;

  StoredTokens(String id, EventLoop loop, TokenSource source) {
    this.id = id;
    this.loop = loop;
    this.source = source;
  }

  /** Reads the first token at or behind a position; empty if there is none. */
  void next(long position, Consumer<Optional<Token>> then) {
    read(
        () -> source.next(id, position),
        answer -> {
          Optional<Token> token = answer.flatMap(source::read);
          if (answer.isPresent() && token.isEmpty()) { // Foreign: the bridge stores only tokens.
            next(Math.max(position, Token.position(answer.get())) + 1, then);
          } else {
            then.accept(token);
          }
        });
  }

  /** Finds the position from which on all tokens from a sequence on are stored. */
  void find(long sequence, LongConsumer then) {
    read(
        () -> source.last(id),
        answer -> {
          Optional<Token> last = answer.flatMap(source::read);
          if (last.isPresent() && last.get().sequence() >= sequence) {
            search(new PositionSearch(sequence, last.get().position()), then);
          } else {
            then.accept(answer.map(message -> Token.position(message) + 1).orElse(1L));
          }
        });
  }

  /** Runs an action after a pause, which doubles until the store answers. */
  void retry(Runnable action) {
    var unused = loop.schedule(() -> run(action), retryMs, TimeUnit.MILLISECONDS);
    retryMs = Math.min(RETRY_MS_MAX, 2 * retryMs);
  }

  /** Drops all results that are still to come. */
  void close() {
    closed = true;
  }

  private void search(PositionSearch search, LongConsumer then) {
    if (search.isOver()) {
      then.accept(search.best());
      return;
    }
    next(
        search.probe(),
        found -> {
          found.ifPresentOrElse(
              token -> search.found(token.position(), token.sequence()), search::foundNothing);
          search(search, then);
        });
  }

  private void read(
      Supplier<CompletableFuture<Optional<Message>>> question, Consumer<Optional<Message>> then) {
    var unused =
        question
            .get()
            .whenComplete(
                (answer, failure) -> loop.execute(() -> run(() -> take(answer, question, then))));
  }

  /** Takes an answer, null if there was none. */
  private void take(
      Optional<Message> answer,
      Supplier<CompletableFuture<Optional<Message>>> question,
      Consumer<Optional<Message>> then) {
    if (answer == null) {
      retry(() -> read(question, then));
    } else {
      retryMs = RETRY_MS_MIN;
      then.accept(answer);
    }
  }

  private void run(Runnable action) {
    if (!closed) {
      action.run();
    }
  }
}

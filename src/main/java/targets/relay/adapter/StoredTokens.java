package targets.relay.adapter;

import io.nats.client.Message;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import targets.relay.message.TokenStore;

/**
 * Reads the stored tokens of one conversation for one stream, again and again while NATS is away.
 * Used by the stream's event loop, on which results arrive until {@link #close}.
 */
final class StoredTokens {
  private static final long RETRY_MS_MIN = 20;
  private static final long RETRY_MS_MAX = 2000;

  private final String subject;
  private final EventLoop loop;
  private final AdapterServer adapter;
  private long retryMs = RETRY_MS_MIN;
  private boolean closed;

  StoredTokens(String id, EventLoop loop, AdapterServer adapter) {
    this.subject = TokenStore.subject(id);
    this.loop = loop;
    this.adapter = adapter;
  }

  /** Reads the first token at or behind a position; empty if there is none. */
  void next(long position, Consumer<Optional<Token>> then) {
    read(
        () -> adapter.store.next(subject, position),
        answer -> {
          Optional<Token> token = answer.flatMap(adapter::token);
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
        () -> adapter.store.last(subject),
        answer -> {
          Optional<Token> last = answer.flatMap(adapter::token);
          if (last.isPresent() && last.get().sequence() >= sequence) {
            long position = last.get().position();
            search(new Range(sequence, 1, position - 1, position), then);
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

  private void search(Range range, LongConsumer then) {
    if (range.isEmpty()) {
      then.accept(range.best());
    } else {
      next(range.middle(), found -> search(range.narrowed(found), then));
    }
  }

  /** Asks until there is an answer. */
  private void read(
      Supplier<CompletableFuture<Optional<Message>>> question, Consumer<Optional<Message>> then) {
    Consumer<Optional<Message>> take =
        answer -> {
          if (answer == null) {
            retry(() -> read(question, then));
          } else {
            retryMs = RETRY_MS_MIN;
            then.accept(answer);
          }
        };
    var unused =
        question
            .get()
            .whenComplete((answer, failure) -> loop.execute(() -> run(() -> take.accept(answer))));
  }

  private void run(Runnable action) {
    if (!closed) {
      action.run();
    }
  }

  /**
   * Positions that may be the first of a conversation's tokens from a sequence on. Halving them
   * takes about 20 reads in a store of a million messages.
   *
   * @param best the smallest known position of a token with the sequence or a higher one
   */
  record Range(long sequence, long low, long high, long best) {
    boolean isEmpty() {
      return low > high;
    }

    /** Returns the position at which to read the conversation's next message. */
    long middle() {
      return low + (high - low) / 2;
    }

    /**
     * Returns what is left of the range.
     *
     * @param found the token at or behind the middle; empty if it was deleted meanwhile
     */
    Range narrowed(Optional<Token> found) {
      if (found.isEmpty()) {
        return new Range(sequence, middle() + 1, high, best);
      }
      Token token = found.get();
      if (token.sequence() < sequence) {
        return new Range(sequence, token.position() + 1, high, best);
      }
      long last = token.sequence() == sequence ? low - 1 : middle() - 1;
      return new Range(sequence, low, last, Math.min(best, token.position()));
    }
  }
}

package targets.relay.adapter;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import targets.shared.StoreReader;

/** Reads the stored tokens of one conversation for one stream, on its event loop. */
record StoredTokens(StoreReader.OnLoop store, AdapterServer adapter) {
  /** Reads the first token at or behind a position; empty if there is none. */
  void next(long position, Consumer<Optional<Token>> then) {
    store.next(
        position,
        answer -> {
          Optional<Token> token = answer.flatMap(adapter::token);
          if (answer.isPresent() && token.isEmpty()) { // Foreign: the bridge stores only tokens.
            next(Math.max(position, StoreReader.position(answer.get())) + 1, then);
          } else {
            then.accept(token);
          }
        });
  }

  /** Finds the position from which on all tokens from a sequence on are stored. */
  void find(long sequence, LongConsumer then) {
    store.last(
        answer -> {
          Optional<Token> last = answer.flatMap(adapter::token);
          if (last.isPresent() && last.get().sequence() >= sequence) {
            long position = last.get().position();
            search(new Range(sequence, 1, position - 1, position), then);
          } else {
            then.accept(answer.map(message -> StoreReader.position(message) + 1).orElse(1L));
          }
        });
  }

  private void search(Range range, LongConsumer then) {
    if (range.isEmpty()) {
      then.accept(range.best());
    } else {
      next(range.middle(), found -> search(range.narrowed(found), then));
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

    /** Returns what is left; the token is that at or behind the middle, unless it was deleted. */
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

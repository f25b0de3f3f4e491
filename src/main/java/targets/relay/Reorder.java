package targets.relay;

import java.util.List;
import java.util.Optional;

/** Planted mistake: every tenth token changes places with the one behind it. Used by one thread. */
final class Reorder {
  private static final int EVERY = 10;

  private Optional<Token> held = Optional.empty();

  /** What is to be written now that this token has come; the last one stays the last. */
  List<Token> pass(Token token) {
    if (held.isEmpty() && !token.isDone() && token.sequence() % EVERY == 0) {
      held = Optional.of(token);
      return List.of();
    }
    List<Token> out =
        held.map(first -> token.isDone() ? List.of(first, token) : List.of(token, first))
            .orElse(List.of(token));
    held = Optional.empty();
    return out;
  }
}

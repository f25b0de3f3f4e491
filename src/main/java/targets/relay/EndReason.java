package targets.relay;

import java.time.Duration;
import java.util.Optional;

/** What a client is told when its stream ends before its conversation. */
final class EndReason {
  static final Optional<String> STOPPING =
      Optional.of("the adapter is stopping; resume with Last-Event-ID");

  private EndReason() {}

  static Optional<String> tooSlow(int outboxBytes) {
    return Optional.of("the client is too slow: more than " + outboxBytes + " bytes wait for it");
  }

  static Optional<String> stalled(Duration bound) {
    return Optional.of("the client takes nothing for " + words(bound));
  }

  static Optional<String> noToken(Duration bound) {
    return Optional.of("no token came within " + words(bound));
  }

  private static String words(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}

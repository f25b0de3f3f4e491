package simulations.sse;

import java.time.Duration;
import java.util.Optional;
import settings.Option;

/**
 * What users send, and what they do with the answers.
 *
 * @param promptWords median length that prompts are filled up to; 0 leaves them as they are
 * @param promptSpread standard deviation of the logarithm of that length
 * @param think time from an answer's end to the next turn
 * @param cancel share of the requests that their users cancel
 * @param cancelAfter when they do
 */
record Dialogue(
    @Option Optional<Prompts> prompts,
    @Option(in = "0..100000") int promptWords,
    @Option(in = "0..3") double promptSpread,
    @Option(in = "1..100") int turns,
    @Option(in = "0..1h") Duration think,
    @Option(in = "0..1") double cancel,
    @Option Ask.Leaving cancelAfter) {
  Prompts all() {
    return prompts.orElse(Prompts.NONE);
  }

  /** Returns when a request is left; requests that are cancelled are spread evenly. */
  Ask.Leaving leaving(long number) {
    boolean left = Math.floor((number + 1) * cancel) > Math.floor(number * cancel);
    return left ? cancelAfter : Ask.Leaving.NEVER;
  }
}

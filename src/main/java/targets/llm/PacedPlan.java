package targets.llm;

import java.util.SplittableRandom;
import settings.SeededText;

/**
 * The right plan: the seed's words at absolute due times.
 *
 * @param text the words
 * @param pace the due times
 * @param tokens how many tokens are sent, at most the pace's
 * @param ending how it ends
 * @param jitterSeed where the jitter comes from
 */
record PacedPlan(SeededText text, Pace pace, int tokens, Ending ending, long jitterSeed)
    implements StreamPlan {
  static PacedPlan of(ChatRequest request, long stream) {
    Pace pace = request.pace();
    int tokens = Math.min(pace.tokens(), request.tokenBound());
    Ending ending = tokens < pace.tokens() ? Ending.LENGTH : Ending.STOP;
    int breakAfter = pace.breakAfter().orElse(Integer.MAX_VALUE);
    if (breakAfter <= tokens) {
      tokens = breakAfter;
      ending = Ending.BROKEN;
    }
    // Complemented, or the jitter would be a function of the very numbers that choose the words.
    long jitterSeed = ~(request.seed() + stream);
    return new PacedPlan(new SeededText(request.seed()), pace, tokens, ending, jitterSeed);
  }

  @Override
  public String token(int step) {
    return text.token(step);
  }

  @Override
  public long dueNs(int step, long previousNs) {
    // Multiplied before it is divided: a rounded interval would drift by up to a ns a token.
    long due = pace.firstToken().toNanos() + step * pace.duration().toNanos() / pace.tokens();
    return step < tokens ? due + jitterNs(step) : due;
  }

  private long jitterNs(int step) {
    long mostNs = pace.jitter().toNanos();
    return mostNs == 0 ? 0 : new SplittableRandom(jitterSeed + step).nextLong(mostNs + 1);
  }
}

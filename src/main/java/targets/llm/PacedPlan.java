package targets.llm;

import java.util.SplittableRandom;
import settings.SeededText;

/**
 * The right plan: the seed's words at absolute due times, which are computed from these values.
 *
 * @param tokens how many tokens are sent, at most the pace's
 * @param durationNs of all tokens of the pace
 */
record PacedPlan(
    SeededText text,
    int tokens,
    Ending ending,
    int paceTokens,
    long firstTokenNs,
    long durationNs,
    long jitterNsMax,
    long jitterSeed)
    implements StreamPlan {
  /** Returns the plan of a stream by its number: streams of one seed differ only in jitter. */
  static PacedPlan of(ChatRequest request, long stream) {
    Pace pace = request.pace();
    int tokens = Math.min(pace.tokens(), request.tokenBound());
    Ending ending = tokens < pace.tokens() ? Ending.LENGTH : Ending.STOP;
    int breakAfter = pace.breakAfter().orElse(Integer.MAX_VALUE);
    if (breakAfter <= tokens) {
      tokens = breakAfter;
      ending = Ending.BROKEN;
    }
    return new PacedPlan(
        new SeededText(request.seed()),
        tokens,
        ending,
        pace.tokens(),
        pace.firstToken().toNanos(),
        pace.duration().toNanos(),
        pace.jitter().toNanos(),
        // Complemented, or the jitter would be a function of the numbers that choose the words.
        ~(request.seed() + stream));
  }

  @Override
  public String token(int step) {
    return text.token(step);
  }

  @Override
  public long dueNs(int step, long previousNs) {
    // Multiplied before it is divided: a rounded interval would drift by up to a ns a token.
    long due = firstTokenNs + step * durationNs / paceTokens;
    return step < tokens && jitterNsMax > 0 ? due + jitterNs(step) : due;
  }

  private long jitterNs(int step) {
    return new SplittableRandom(jitterSeed + step).nextLong(jitterNsMax + 1);
  }
}

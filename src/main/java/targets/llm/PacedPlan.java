package targets.llm;

import java.util.SplittableRandom;
import settings.SeededText;

/** The right plan: the seed's words at absolute due times. */
final class PacedPlan implements StreamPlan {
  private final SeededText text;
  private final int tokens;
  private final Ending ending;
  private final int paceTokens;
  private final long firstTokenNs;
  private final long durationNs;
  private final long jitterNsMax;
  private final long jitterSeed;

  /**
   * @param stream the stream's number: streams of one seed have the same text, but jitter apart
   */
  PacedPlan(ChatRequest request, long stream) {
    Pace pace = request.pace();
    int bound = Math.min(pace.tokens(), request.tokenBound());
    int breakAfter = pace.breakAfter().orElse(Integer.MAX_VALUE);
    text = new SeededText(request.seed());
    tokens = Math.min(bound, breakAfter);
    if (breakAfter <= bound) {
      ending = Ending.BROKEN;
    } else {
      ending = bound < pace.tokens() ? Ending.LENGTH : Ending.STOP;
    }
    paceTokens = pace.tokens();
    firstTokenNs = pace.firstToken().toNanos();
    durationNs = pace.duration().toNanos();
    jitterNsMax = pace.jitter().toNanos();
    // Complemented, or the jitter would be a function of the very numbers that choose the words.
    jitterSeed = ~(request.seed() + stream);
  }

  @Override
  public int tokens() {
    return tokens;
  }

  @Override
  public Ending ending() {
    return ending;
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

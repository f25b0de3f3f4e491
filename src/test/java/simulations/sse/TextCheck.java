package simulations.sse;

import kpi.Tally;
import settings.SeededText;

/**
 * Compares a stream's text with the seed's, token by token, and counts lost, repeated, swapped and
 * wrong tokens. Used by one thread.
 *
 * <p>Exact for a token that is lost, repeated, swapped with its neighbour or wrong, and for up to
 * four lost in a row. Five to seven lost in a row are taken for something else if the next token
 * happens to have the text of the one eight before it, once in 32 times.
 */
final class TextCheck {
  private static final int WINDOW = SeededText.WINDOW;

  private final SeededText text;
  private int next;
  private int missingMask;
  private int lost;
  private int duplicated;
  private int swapped;
  private int wrong;

  TextCheck(long seed) {
    this.text = new SeededText(seed);
  }

  void on(String token) {
    if (token.equals(text.token(next))) {
      advance();
      return;
    }
    // A word comes again after 8 tokens at the earliest, so that at most one token before and one
    // after the expected one have this text: 8 apart, hence one of them is the nearer.
    int before = distance(token, -1);
    int ahead = distance(token, 1);
    if (before > 0 && (isMissing(before) || ahead == 0 || before < ahead)) {
      takeAgain(before);
    } else if (ahead > 0) {
      skipTo(ahead);
    } else {
      wrong++;
      advance();
    }
  }

  /** Ends the text after its planned tokens: those that did not come by now are lost. */
  void end(int planned) {
    lost += Integer.bitCount(missingMask) + Math.max(0, planned - next);
    missingMask = 0;
  }

  /** Adds the mistakes to the counters of the phase; after {@link #end}. */
  void count(Tally tally) {
    tally.add("tokens_lost", lost);
    tally.add("tokens_duplicated", duplicated);
    tally.add("tokens_swapped", swapped);
    tally.add("tokens_wrong", wrong);
  }

  boolean isRight() {
    return lost + duplicated + swapped + wrong == 0;
  }

  /** Bit j of the mask stands for token next - 1 - j. */
  private void advance() {
    if ((missingMask & (1 << (WINDOW - 1))) != 0) {
      lost++; // Too far back to be recognised if it still came.
    }
    missingMask = (missingMask << 1) & ((1 << WINDOW) - 1);
    next++;
  }

  /** Distance to a token with this text, ahead by 1 or back by -1; 0 if there is none. */
  private int distance(String token, int direction) {
    for (int away = 1; away < WINDOW && next + direction * away >= 0; away++) {
      if (token.equals(text.token(next + direction * away))) {
        return away;
      }
    }
    return 0;
  }

  private boolean isMissing(int before) {
    return (missingMask & (1 << (before - 1))) != 0;
  }

  private void takeAgain(int before) {
    if (isMissing(before)) {
      missingMask &= ~(1 << (before - 1));
      swapped++;
    } else {
      duplicated++;
    }
  }

  private void skipTo(int ahead) {
    for (int skipped = 0; skipped < ahead; skipped++) {
      advance();
      missingMask |= 1;
    }
    advance();
  }
}

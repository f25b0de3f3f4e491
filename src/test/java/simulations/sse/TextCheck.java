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
    int before = distanceBefore(token);
    int ahead = distanceAhead(token);
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

  /** Adds the mistakes to the counters of the phase. */
  void count(Tally tally) {
    tally.add("tokens_lost", lost);
    tally.add("tokens_duplicated", duplicated);
    tally.add("tokens_swapped", swapped);
    tally.add("tokens_wrong", wrong);
  }

  /** Returns true if no mistake was found so far. */
  boolean isRight() {
    return lost + duplicated + swapped + wrong == 0;
  }

  /** Tokens that never came; final after {@link #end}. */
  int lost() {
    return lost;
  }

  int duplicated() {
    return duplicated;
  }

  /** Tokens that came after a later one. */
  int swapped() {
    return swapped;
  }

  /** Tokens whose text belongs nowhere near. */
  int wrong() {
    return wrong;
  }

  /** Bit j of the mask stands for token next - 1 - j. */
  private void advance() {
    if ((missingMask & (1 << (WINDOW - 1))) != 0) {
      lost++; // Too far back to be recognised if it still came.
    }
    missingMask = (missingMask << 1) & ((1 << WINDOW) - 1);
    next++;
  }

  /** Distance back to a token with this text; 0 if there is none. */
  private int distanceBefore(String token) {
    for (int back = 1; back < WINDOW && back <= next; back++) {
      if (token.equals(text.token(next - back))) {
        return back;
      }
    }
    return 0;
  }

  /** Distance ahead to a token with this text; 0 if there is none. */
  private int distanceAhead(String token) {
    for (int ahead = 1; ahead < WINDOW; ahead++) {
      if (token.equals(text.token(next + ahead))) {
        return ahead;
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

package simulations.sse;

import text.SeededText;

/**
 * Follows a stream's text token by token against the seed's and tells lost, repeated, swapped and
 * wrong tokens apart. Used by one thread.
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

  /**
   * @param seed of the text that was asked for
   */
  TextCheck(long seed) {
    this.text = new SeededText(seed);
  }

  /** Takes the next token's text. */
  void on(String token) {
    if (token.equals(text.token(next))) {
      advance();
    } else if (!isFromBefore(token) && !isFromAhead(token)) {
      wrong++;
      advance();
    }
  }

  /** Declares the end after so many planned tokens: what did not come by now is lost. */
  void end(int planned) {
    lost += Integer.bitCount(missingMask) + Math.max(0, planned - next);
    missingMask = 0;
  }

  /** Tokens that never came; final after {@link #end}. */
  int lost() {
    return lost;
  }

  /** Tokens that came again. */
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

  private boolean isFromBefore(String token) {
    for (int back = 0; back < WINDOW - 1 && back < next; back++) {
      if (token.equals(text.token(next - 1 - back))) {
        if ((missingMask & (1 << back)) != 0) {
          missingMask &= ~(1 << back);
          swapped++;
        } else {
          duplicated++;
        }
        return true;
      }
    }
    return false;
  }

  private boolean isFromAhead(String token) {
    for (int ahead = 1; ahead < WINDOW; ahead++) {
      if (token.equals(text.token(next + ahead))) {
        for (int skipped = 0; skipped < ahead; skipped++) {
          advance();
          missingMask |= 1;
        }
        advance();
        return true;
      }
    }
    return false;
  }
}

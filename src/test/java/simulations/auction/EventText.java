package simulations.auction;

/**
 * The fields of a frame, found by a search of its text: ten thousand viewers receive every bid, and
 * a parser for each would be most of the generator's work. Frames are flat JSON objects.
 */
final class EventText {
  /** An absent number. */
  static final long NONE = BidAnswer.NONE;

  private static final int PLACES = 2;

  private EventText() {}

  /**
   * Returns the amount of a quoted key in whole cents; {@link #NONE} if it is absent, null, not a
   * plain number, or not whole cents.
   */
  static long cents(String text, String key) {
    int at = value(text, key);
    if (at < 0 || !isDigit(text, at)) {
      return NONE;
    }
    long cents = 0;
    int places = -1;
    for (; at < text.length(); at++) {
      char each = text.charAt(at);
      if (each == '.' && places < 0) {
        places = 0;
      } else if (!isDigit(text, at)) {
        break;
      } else if (places < PLACES) {
        cents = cents * 10 + each - '0';
        places += places < 0 ? 0 : 1;
      } else if (each != '0') {
        return NONE;
      }
    }
    for (int place = Math.max(0, places); place < PLACES; place++) {
      cents *= 10;
    }
    return at < text.length() && "eE".indexOf(text.charAt(at)) >= 0 ? NONE : cents;
  }

  static boolean says(String text, String key, String word) {
    int at = value(text, key);
    int end = at + word.length();
    return at >= 0 && text.startsWith(word, at) && end < text.length() && text.charAt(end) == '"';
  }

  /** Returns where a key's value begins, past a quote; below 0 if there is none. */
  private static int value(String text, String key) {
    int at = text.indexOf(key);
    if (at < 0) {
      return -1;
    }
    at += key.length();
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == ':')) {
      at++;
    }
    return at < text.length() && text.charAt(at) == '"' ? at + 1 : at;
  }

  private static boolean isDigit(String text, int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }
}

package simulations.auction;

/**
 * What a viewer needs of a frame, found by searching its text: ten thousand viewers see every bid,
 * and a parser for each would be most of what the generator does. Frames are flat JSON objects.
 */
public final class EventText {
  /** Not told. */
  public static final long NONE = -1;

  private static final int DECIMAL = 10;
  private static final int PLACES = 2;

  private EventText() {}

  /**
   * An amount in whole cents.
   *
   * @param key with its quotes, such as {@code "amount"}
   * @return {@link #NONE} if it is not there, null, no plain number, or has parts of a cent
   */
  public static long cents(String text, String key) {
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
        cents = cents * DECIMAL + each - '0';
        places += places < 0 ? 0 : 1;
      } else if (each != '0') {
        return NONE;
      }
    }
    for (int place = Math.max(0, places); place < PLACES; place++) {
      cents *= DECIMAL;
    }
    return at < text.length() && isExponent(text.charAt(at)) ? NONE : cents;
  }

  /**
   * A whole number.
   *
   * @param key with its quotes, such as {@code "sequence"}
   * @return {@link #NONE} if it is not there, or no such number
   */
  public static long number(String text, String key) {
    int at = value(text, key);
    if (at < 0 || !isDigit(text, at)) {
      return NONE;
    }
    long number = 0;
    for (; isDigit(text, at); at++) {
      number = number * DECIMAL + text.charAt(at) - '0';
    }
    return number;
  }

  /**
   * True if a key has this text.
   *
   * @param key with its quotes
   */
  public static boolean says(String text, String key, String word) {
    int at = value(text, key);
    int end = at + word.length();
    return at >= 0 && text.startsWith(word, at) && end < text.length() && text.charAt(end) == '"';
  }

  /** Where a key's value begins, past a quote; below 0 if there is none. */
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

  private static boolean isExponent(char each) {
    return each == 'e' || each == 'E';
  }
}

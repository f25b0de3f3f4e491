package verdict;

import java.util.Locale;

/**
 * Numbers as a reader wants them, everywhere the same: about three significant digits, thousands
 * separated.
 */
public final class Numbers {
  private Numbers() {}

  /** A number and its unit. */
  public static String words(double value, String unit) {
    String number = unit.equals("%") ? percent(value) : plain(value);
    return number + (unit.isEmpty() ? "" : " " + unit);
  }

  /** A count. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A number with as many decimals as its size deserves; whole numbers stay whole. */
  public static String plain(double value) {
    return value == Math.rint(value) ? fixed(value, 0) : fixed(value, decimals(value));
  }

  /**
   * A percentage; one that is not whole never reads as 100 or 0, for one lost stream in a million
   * is the news.
   */
  public static String percent(double value) {
    if (value == Math.rint(value)) {
      return fixed(value, 0);
    }
    if (value > 99 && value < 100) {
      return fixed(Math.min(99.999, value), value > 99.99 ? 3 : 2);
    }
    return value > 0 && value < 0.001 ? "< 0.001" : plain(value);
  }

  /** A number with so many decimals; what rounds to nothing has no sign. */
  public static String fixed(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
    return text.matches("-[0.]+") ? text.substring(1) : text;
  }

  /** Decimals that leave about three significant digits. */
  public static int decimals(double value) {
    double size = Math.abs(value);
    if (size >= 100 || size == 0) {
      return 0;
    }
    return size >= 10 ? 1 : size >= 1 ? 2 : 3;
  }
}

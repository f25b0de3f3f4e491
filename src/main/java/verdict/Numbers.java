package verdict;

import java.util.Locale;

/** Numbers as a reader wants them: three significant digits, thousands separated. */
public final class Numbers {
  private Numbers() {}

  /** A number and its unit. */
  public static String words(double value, String unit) {
    return plain(value) + (unit.isEmpty() ? "" : " " + unit);
  }

  /** A count. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A number alone. */
  public static String plain(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return count((long) value);
    }
    double size = Math.abs(value);
    String form = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, form, value);
  }
}

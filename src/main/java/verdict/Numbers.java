package verdict;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Numbers for readers, the same everywhere: about three significant digits, thousands separated.
 */
public final class Numbers {
  private Numbers() {}

  public static String words(double value, String unit) {
    return number(value, unit) + (unit.isEmpty() ? "" : " " + unit);
  }

  /** Returns a text with values at its places, each {@code %s}, as readers write them. */
  public static String sentence(String text, Object... values) {
    return text.formatted(Arrays.stream(values).map(Numbers::text).toArray());
  }

  /** Returns a value as readers write it; those of a list follow each other. */
  public static String text(Object value) {
    if (value instanceof Duration time) {
      double ms = time.toNanos() / 1e6;
      return ms < 1e3 ? words(ms, "ms") : words(ms / 1e3, "s");
    } else if (value instanceof List<?> all) {
      return all.stream().map(Numbers::text).collect(Collectors.joining(", then "));
    } else if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
    boolean isWhole = value instanceof Integer || value instanceof Long;
    return isWhole
        ? count(((Number) value).longValue())
        : value instanceof Double number ? plain(number) : String.valueOf(value);
  }

  /** Returns a number that is followed by its unit. */
  public static String number(double value, String unit) {
    return unit.equals("%") ? percent(value) : plain(value);
  }

  /** Returns a change in per cent with its sign. */
  public static String change(double percent) {
    return String.format(Locale.ROOT, "%+.1f %%", percent);
  }

  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Returns a number with decimals by its size; whole numbers stay whole. */
  public static String plain(double value) {
    return value == Math.rint(value) ? fixed(value, 0) : fixed(value, decimals(value));
  }

  /**
   * Returns a percentage; one that is not whole never reads as 100 or 0, for one lost stream in a
   * million must show.
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

  /** Returns a number with a fixed number of decimals; 0 has no sign. */
  public static String fixed(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
    return text.matches("-[0.]+") ? text.substring(1) : text;
  }

  /** Returns the decimals for three significant digits. */
  public static int decimals(double value) {
    if (!Double.isFinite(value) || value == 0) {
      return 0;
    }
    // Of the number as it is shown: 9.998 reads as 10.0, like 10.04.
    double size = new BigDecimal(Math.abs(value)).round(new MathContext(3)).doubleValue();
    return size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  }
}

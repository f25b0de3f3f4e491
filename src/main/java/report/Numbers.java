package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Figures as people read them: a few significant digits, thousands separated by commas. */
final class Numbers {
  /** Stands where there is no figure. */
  static final String NONE = "–";

  private static final double BYTES_PER_MB = 1e6;

  private Numbers() {}

  /** A figure with as many decimals as its size deserves; whole numbers stay whole. */
  static String plain(double value) {
    return value == Math.rint(value) ? fixed(value, 0) : fixed(value, decimals(value));
  }

  /** As {@link #plain(double)}, and {@link #NONE} where there is no number. */
  static String plain(JsonNode value) {
    return value.isNumber() ? plain(value.asDouble()) : NONE;
  }

  static String fixed(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /**
   * As {@link #plain(JsonNode)}, but a percentage that is not whole never reads as 100 or 0: one
   * lost stream in a million is the news.
   */
  static String plain(JsonNode value, String unit) {
    return unit.equals("%") && value.isNumber() ? percent(value.asDouble()) : plain(value);
  }

  static String percent(double value) {
    if (value == Math.rint(value)) {
      return fixed(value, 0);
    }
    if (value > 99 && value < 100) {
      return fixed(Math.min(99.999, value), value > 99.99 ? 3 : 2);
    }
    return value > 0 && value < 0.001 ? "< 0.001" : plain(value);
  }

  /** Decimals that leave about three significant digits. */
  static int decimals(double value) {
    double size = Math.abs(value);
    if (size >= 100 || size == 0) {
      return 0;
    }
    return size >= 10 ? 1 : size >= 1 ? 2 : 3;
  }

  /** Megabytes of a million bytes. */
  static String megabytes(double bytes) {
    return fixed(bytes / BYTES_PER_MB, 0) + " MB";
  }
}

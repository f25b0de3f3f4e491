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

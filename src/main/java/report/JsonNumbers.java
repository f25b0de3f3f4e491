package report;

import com.fasterxml.jackson.databind.JsonNode;
import verdict.Numbers;

/** Figures of a run folder as people read them; what is no number there is {@link #NONE}. */
final class JsonNumbers {
  /** Stands where there is no figure. */
  static final String NONE = "–";

  /** The sign, which a hyphen is too short for. */
  private static final String MINUS = "−";

  private static final double BYTES_PER_MB = 1e6;

  private JsonNumbers() {}

  /** Whether it is a number that can be shown: JSON can write one that no double can hold. */
  static boolean finite(JsonNode value) {
    return value.isNumber() && Double.isFinite(value.asDouble());
  }

  /** A number alone. */
  static String plain(JsonNode value) {
    return finite(value) ? minus(Numbers.plain(value.asDouble())) : NONE;
  }

  /** A number that is about to be followed by its unit. */
  static String plain(JsonNode value, String unit) {
    return unit.equals("%") && finite(value)
        ? minus(Numbers.percent(value.asDouble()))
        : plain(value);
  }

  /**
   * From {@code low} to {@code high} of a node, without the unit; empty if it has not both, or if
   * there is no way from one to the other.
   */
  static String interval(JsonNode node, String unit) {
    JsonNode low = node.path("low");
    JsonNode high = node.path("high");
    return finite(low) && finite(high) && low.asDouble() < high.asDouble()
        ? plain(low, unit) + " to " + plain(high, unit)
        : "";
  }

  /** A change in per cent, always with its sign; empty if it is no number. */
  static String change(JsonNode percent) {
    if (!finite(percent)) {
      return "";
    }
    String size = share(percent.asDouble());
    return size.startsWith("0 ") ? "±0 %" : (percent.asDouble() < 0 ? MINUS : "+") + size;
  }

  /** The size of a share in per cent; a change is rarely known to more than two digits. */
  static String share(double percent) {
    double size = Math.abs(percent);
    int decimals = size >= 10 ? 0 : size >= 1 ? 1 : 2;
    return Numbers.fixed(size, decimals).replaceFirst("\\.0+$", "") + " %";
  }

  /** Megabytes of a million bytes. */
  static String megabytes(double bytes) {
    return Numbers.fixed(bytes / BYTES_PER_MB, 0) + " MB";
  }

  private static String minus(String number) {
    return number.startsWith("-") ? MINUS + number.substring(1) : number;
  }
}

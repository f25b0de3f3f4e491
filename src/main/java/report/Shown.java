package report;

import verdict.Numbers;

/** Figures in the form for readers; what is not a finite number is {@link #NONE}. */
final class Shown {
  static final String NONE = "–";

  /** The sign, for which a hyphen is too short. */
  private static final String MINUS = "−";

  private static final double BYTES_PER_MB = 1e6;

  private Shown() {}

  static boolean finite(Double value) {
    return value != null && Double.isFinite(value);
  }

  static String plain(Double value) {
    return plain(value, "");
  }

  /** Returns a number that is followed by its unit. */
  static String plain(Double value, String unit) {
    if (!finite(value)) {
      return NONE;
    }
    String number = unit.equals("%") ? Numbers.percent(value) : Numbers.plain(value);
    return number.startsWith("-") ? MINUS + number.substring(1) : number;
  }

  /** Returns an interval without its unit; empty unless it has two ends in order. */
  static String interval(Double low, Double high, String unit) {
    return finite(low) && finite(high) && low < high
        ? plain(low, unit) + " to " + plain(high, unit)
        : "";
  }

  /** Returns a change in per cent, always with its sign; empty if it is no number. */
  static String change(Double percent) {
    if (!finite(percent)) {
      return "";
    }
    String size = share(percent);
    return size.startsWith("0 ") ? "±0 %" : (percent < 0 ? MINUS : "+") + size;
  }

  /** Returns the size of a share in per cent; a change is rarely known to more than two digits. */
  static String share(double percent) {
    double size = Math.abs(percent);
    int decimals = size >= 10 ? 0 : size >= 1 ? 1 : 2;
    return Numbers.fixed(size, decimals).replaceFirst("\\.0+$", "") + " %";
  }

  /** Returns the head of a column with a statistic. */
  static String stat(String name) {
    return name.equals("p999") ? "p99.9" : name;
  }

  static String megabytes(long bytes) {
    return Numbers.fixed(bytes / BYTES_PER_MB, 0) + " MB";
  }

  /** Returns the words for a direction, such as {@code lower is better}. */
  static String better(String direction) {
    return direction == null || direction.isEmpty() ? "" : direction + " is better";
  }

  static String runs(int count) {
    return Numbers.count(count) + (count == 1 ? " run" : " runs");
  }
}

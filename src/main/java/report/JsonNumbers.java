package report;

import com.fasterxml.jackson.databind.JsonNode;
import verdict.Numbers;

/** Figures of a run folder as people read them; what is no number there is {@link #NONE}. */
final class JsonNumbers {
  /** Stands where there is no figure. */
  static final String NONE = "–";

  private static final double BYTES_PER_MB = 1e6;

  private JsonNumbers() {}

  /** A number alone. */
  static String plain(JsonNode value) {
    return value.isNumber() ? Numbers.plain(value.asDouble()) : NONE;
  }

  /** A number that is about to be followed by its unit. */
  static String plain(JsonNode value, String unit) {
    return unit.equals("%") && value.isNumber() ? Numbers.percent(value.asDouble()) : plain(value);
  }

  /** Megabytes of a million bytes. */
  static String megabytes(double bytes) {
    return Numbers.fixed(bytes / BYTES_PER_MB, 0) + " MB";
  }
}

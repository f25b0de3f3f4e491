package targets.defects;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The declaration of a defect: its name, and the value that {@code --defect name=value} gives it.
 *
 * @param example a value, with its unit; empty for a defect that is only on or off
 * @param isDefault whether a name that stands alone has the value of the example
 */
record Defect(String name, String example, boolean isDefault, String min, String max) {
  private static final Pattern VALUE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(.*)");

  /** Factors of units, by what they measure. */
  private static final List<Map<String, Long>> UNITS =
      List.of(
          Map.of("", 1L),
          Map.of("%", 1_000L),
          Map.of("KB/s", 1_000L, "MB/s", 1_000_000L),
          Map.of("ms", 1_000_000L, "s", 1_000_000_000L));

  /** Returns a defect that is on or off. */
  static Defect of(String name) {
    return new Defect(name, "", false, "", "");
  }

  /** Returns a defect that must have a value, with the unit of the example. */
  static Defect valued(String name, String example, String min, String max) {
    return new Defect(name, example, false, min, max);
  }

  /** Returns a defect whose value is a whole number, with a default. */
  static Defect counted(String name, int otherwise, int min, int max) {
    String fallback = Integer.toString(otherwise);
    return new Defect(name, fallback, true, Integer.toString(min), Integer.toString(max));
  }

  /**
   * Reads a value; reports a wrong one.
   *
   * @return a count, thousandths of a per cent, bytes per second or nanoseconds
   */
  long read(String given, Consumer<String> errors) {
    if (example.isEmpty()) {
      if (!given.isEmpty()) {
        errors.accept(name + " takes no value, but has '" + given + "'");
      }
      return 1;
    }
    BigDecimal value = scaled(given.isEmpty() && isDefault ? example : given);
    boolean right =
        value.compareTo(scaled(min)) >= 0
            && value.compareTo(scaled(max)) <= 0
            && value.stripTrailingZeros().scale() <= 0;
    if (!right) {
      String kind = unit(max).isEmpty() ? "a whole number" : "a value";
      String range = "' is not " + kind + " from " + min + " to " + max + "; write for example ";
      errors.accept(name + ": '" + given + range + name + "=" + example);
    }
    return value.longValue();
  }

  /** Returns a value without its unit; -1 for what has no number, or a unit of something else. */
  private BigDecimal scaled(String text) {
    Map<String, Long> units =
        UNITS.stream().filter(all -> all.containsKey(unit(max))).findFirst().orElseThrow();
    Matcher form = VALUE.matcher(text);
    return form.matches() && units.containsKey(form.group(2))
        ? new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(units.get(form.group(2))))
        : BigDecimal.ONE.negate();
  }

  private static String unit(String value) {
    return value.replaceAll("[\\d.]", "");
  }
}

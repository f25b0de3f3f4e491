package targets.defects;

import java.math.BigDecimal;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The declaration of a defect: its name, and the value that {@code --defect name=value} gives it.
 *
 * @param example a value, with its unit; empty for a defect that is only on or off
 * @param isDefault whether a name that stands alone has the value of the example
 * @param min with a unit; a value has the unit of the least or of the largest one
 */
record Defect(String name, String example, boolean isDefault, String min, String max) {
  private static final Pattern VALUE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(.*)");

  /** Returns a defect that is on or off. */
  static Defect of(String name) {
    return new Defect(name, "", false, "", "");
  }

  /** Returns a defect that must have a value. */
  static Defect valued(String name, String example, String min, String max) {
    return new Defect(name, example, false, min, max);
  }

  /** Returns a defect whose value is a whole number, with a default. */
  static Defect counted(String name, int otherwise, int min, int max) {
    return new Defect(name, "" + otherwise, true, "" + min, "" + max);
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
    Matcher form = VALUE.matcher(text);
    boolean hasUnit =
        form.matches() && (form.group(2).equals(unit(min)) || form.group(2).equals(unit(max)));
    return hasUnit
        ? new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(factor(form.group(2))))
        : BigDecimal.ONE.negate();
  }

  private static long factor(String unit) {
    return switch (unit) {
      case "%", "KB/s" -> 1_000;
      case "MB/s", "ms" -> 1_000_000;
      case "s" -> 1_000_000_000;
      default -> 1;
    };
  }

  private static String unit(String value) {
    return value.replaceAll("[\\d.]", "");
  }
}

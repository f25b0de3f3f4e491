package targets.defects;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
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
  private static final Pattern DECLARED =
      Pattern.compile("([\\w-]+)(?:(\\[?)=(\\S+?)]? in (\\S+?)\\.\\.(\\S+))?");
  private static final Pattern VALUE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(.*)");

  /**
   * Reads declarations that are separated by commas: {@code name}, or {@code name=example in
   * min..max}; in {@code name[=example] in min..max} the example is the default.
   */
  static List<Defect> all(String declared) {
    return Arrays.stream(declared.split(", ")).map(Defect::of).toList();
  }

  private static Defect of(String declared) {
    Matcher form = DECLARED.matcher(declared);
    if (!form.matches()) {
      throw new IllegalArgumentException("no declaration of a defect: " + declared);
    }
    return form.group(3) == null
        ? new Defect(declared, "", false, "", "")
        : new Defect(
            form.group(1), form.group(3), !form.group(2).isEmpty(), form.group(4), form.group(5));
  }

  /** Reads a count, thousandths of a per cent, bytes/s or nanoseconds; reports a wrong value. */
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
    if (!form.matches() || !List.of(unit(min), unit(max)).contains(form.group(2))) {
      return BigDecimal.ONE.negate();
    }
    long factor =
        switch (form.group(2)) {
          case "%", "KB/s" -> 1_000;
          case "MB/s", "ms" -> 1_000_000;
          case "s" -> 1_000_000_000;
          default -> 1;
        };
    return new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(factor));
  }

  private static String unit(String value) {
    return value.replaceAll("[\\d.]", "");
  }
}

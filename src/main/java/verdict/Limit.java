package verdict;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kpi.Kpi;

/**
 * A KPI, an operator and a bound, as the user writes them: {@code ttft.p95 < 500 ms}, {@code
 * gap.p99 < interval + 50 ms}, {@code llm.rss_max < 200 MB}. Parsed before a run starts, so that a
 * slip of the pen never costs a run.
 *
 * <p>The bound is a sum of numbers with the KPI's unit (times in us, ms or s) and of the words that
 * the simulation defines, such as {@code interval} and {@code duration}, which are in ms.
 *
 * @param text as written
 * @param figure what is limited
 * @param operator how figure and bound compare
 * @param bound in the KPI's unit
 */
public record Limit(String text, FigureName figure, Operator operator, double bound) {
  private static final Pattern FORM =
      Pattern.compile("\\s*((?:\\*\\.)?[a-z][\\w.-]*)\\s*(<=|>=|<|>)\\s*(.+?)\\s*");
  private static final Pattern TERM =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*(1/s|[^\\s0-9].*)?");

  /** How a figure is compared with a bound. */
  public enum Operator {
    /** Smaller. */
    LT("<"),
    /** Smaller or equal. */
    LE("<="),
    /** Larger. */
    GT(">"),
    /** Larger or equal. */
    GE(">=");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    /** The sign as written. */
    public String sign() {
      return sign;
    }

    /** True if the figure is on the right side of the bound. */
    public boolean holds(double figure, double bound) {
      return switch (this) {
        case LT -> figure < bound;
        case LE -> figure <= bound;
        case GT -> figure > bound;
        case GE -> figure >= bound;
      };
    }

    private static Operator of(String sign) {
      for (Operator operator : values()) {
        if (operator.sign.equals(sign)) {
          return operator;
        }
      }
      throw new IllegalArgumentException(sign);
    }
  }

  /**
   * Parses a limit.
   *
   * @param text as the user wrote it
   * @param words values in ms of the words that the simulation defines
   * @throws IllegalArgumentException saying what is wrong and what to write
   */
  public static Limit parse(String text, Map<String, Double> words) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a limit; write for example ttft.p95 < 500 ms");
    }
    FigureName figure = FigureName.parse(form.group(1), text);
    double bound = 0;
    for (String term : form.group(3).split("\\+", -1)) {
      bound += value(term.strip(), figure.kpi(), words, text);
    }
    return new Limit(text.strip(), figure, Operator.of(form.group(2)), bound);
  }

  /** The name of the check made of this limit, such as {@code ttft_p95}. */
  public String checkName() {
    return figure.checkName();
  }

  /** Operator and bound with the unit, such as {@code < 500 ms}. */
  public String words() {
    return operator.sign() + " " + Numbers.words(bound, figure.kpi().unit());
  }

  /**
   * A number with its unit, in the KPI's unit, or one of the words.
   *
   * @throws IllegalArgumentException for anything else
   */
  static double value(String term, Kpi kpi, Map<String, Double> words, String text) {
    if (words.containsKey(term) && kpi.unit().equals("ms")) {
      return words.get(term);
    }
    Matcher number = TERM.matcher(term);
    if (number.matches()) {
      double value = Double.parseDouble(number.group(1));
      String unit = number.group(2) == null ? "" : number.group(2).strip();
      if (unit.equals(kpi.unit())) {
        return value;
      }
      if (kpi.unit().equals("ms") && unit.equals("s")) {
        return value * 1e3;
      }
      if (kpi.unit().equals("ms") && unit.equals("us")) {
        return value / 1e3;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "': '"
            + term
            + "' is not a number of "
            + kpi.unit()
            + (kpi.unit().equals("ms") && !words.isEmpty()
                ? " or one of " + String.join(", ", words.keySet())
                : ""));
  }
}

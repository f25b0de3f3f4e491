package verdict;

import static verdict.FigureName.wrong;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kpi.Direction;
import verdict.Check.Outcome;

/**
 * A limit on how much worse than its baseline a figure may be, as the user writes it: {@code
 * ttft.p99 warn threshold fail 2.5 threshold at least 5 ms}. The catalogue has the direction.
 * Parsed before a run starts.
 *
 * <p>A share is a number of per cent or, with the word {@code threshold}, a multiple of the general
 * threshold. A change of less than {@code at least} passes, even if it is a large share of a small
 * figure.
 *
 * @param warnPct warns from this many per cent worse; infinite for never
 * @param failPct fails from this many per cent worse; infinite for never
 * @param atLeast in the KPI's unit
 */
public record Rule(String text, FigureName figure, double warnPct, double failPct, double atLeast) {
  /** Value of the word {@code threshold} where nothing else gives one, in per cent. */
  public static final double THRESHOLD_PCT = 20;

  private static final String SHARE = "((?:[0-9.]+\\s*)?(?:%|threshold))";
  private static final Pattern FORM =
      Pattern.compile(
          "((?:\\*\\.)?[a-z][\\w.-]*)"
              + ("(?:\\s+warn\\s+" + SHARE + ")?")
              + ("(?:\\s+fail\\s+" + SHARE + ")?")
              + "(?:\\s+at\\s+least\\s+(\\S.*))?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");

  /**
   * Parses a rule.
   *
   * @param thresholdPct value of the word {@code threshold}
   * @throws IllegalArgumentException with the error and a correct form
   */
  public static Rule parse(String text, double thresholdPct) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches() || (form.group(2) == null && form.group(3) == null)) {
      throw wrong(text, " is not a rule; write for example ttft.p99 warn 20 % fail 50 %");
    }
    FigureName figure = FigureName.parse(form.group(1), text);
    if (figure.kpi().direction() == Direction.NEUTRAL) {
      throw wrong(text, ": " + figure.kpi().word() + " gets neither better nor worse");
    }
    if (!figure.stat().isEmpty() && !FigureName.PERCENTILES.contains(figure.stat())) {
      String kept = String.join(", ", FigureName.PERCENTILES);
      throw wrong(text, ": no baseline keeps " + figure.text() + "; compare " + kept);
    }
    double warn = share(form.group(2), thresholdPct, text);
    double fail = share(form.group(3), thresholdPct, text);
    if (warn > fail && form.group(2) != null) {
      throw wrong(text, " would fail before it warns");
    }
    String least = form.group(4);
    double atLeast =
        least == null ? 0 : Threshold.value(least.strip(), figure.kpi(), Map.of(), text);
    return new Rule(text.strip(), figure, warn, fail, atLeast);
  }

  /**
   * Returns the catalogue's rule of a figure; empty if its KPI is not compared.
   *
   * @param thresholdPct value of the word {@code threshold}
   */
  static Optional<Rule> byDefault(FigureName figure, double thresholdPct) {
    String rule = figure.kpi().regression().of(figure.stat());
    return rule.isEmpty()
        ? Optional.empty()
        : Optional.of(parse(figure.text() + " " + rule, thresholdPct));
  }

  /** Returns true if the catalogue's rule of a figure gives way; one high percentile is enough. */
  boolean replaces(FigureName other) {
    return figure.covers(other)
        || (figure.isTail() && other.isTail() && figure.name().equals(other.name()));
  }

  /** Returns the name of the check of a figure by a rule, such as {@code ttft_p99_change}. */
  static String checkName(FigureName figure) {
    return figure.checkName() + "_change";
  }

  /** Returns the sign of a change for the worse: +1 or -1. */
  int worse() {
    return figure.kpi().direction() == Direction.LOWER ? 1 : -1;
  }

  /** Returns the rule in words, such as {@code +20 % warns, +50 % fails, at least 5 ms}. */
  String words() {
    List<String> words = new ArrayList<>();
    String sign = worse() > 0 ? "+" : "-";
    if (Double.isFinite(warnPct)) {
      words.add(sign + Numbers.plain(warnPct) + " % warns");
    }
    if (Double.isFinite(failPct)) {
      words.add(sign + Numbers.plain(failPct) + " % fails");
    }
    if (atLeast > 0) {
      words.add("at least " + Numbers.words(atLeast, figure.kpi().unit()));
    }
    return String.join(", ", words);
  }

  /**
   * Returns the outcome of a change.
   *
   * @param worsePct how much worse, in per cent of the baseline; empty if that is 0 or less: then
   *     there is no share, and a change beyond the noise counts as a large one
   * @param worseBy the same in the KPI's unit
   * @param noise how much the baseline's own runs can explain, in the KPI's unit
   */
  Outcome judge(OptionalDouble worsePct, double worseBy, double noise) {
    boolean certain = worseBy > noise;
    if (worseBy < atLeast || (worsePct.isEmpty() && !certain)) {
      return Outcome.PASS;
    }
    // Finite, so that a rule that never fails does not fail here either.
    double share = worsePct.orElse(Double.MAX_VALUE);
    if (share >= failPct) {
      return certain ? Outcome.FAIL : Outcome.WARN;
    }
    return share >= warnPct && certain ? Outcome.WARN : Outcome.PASS;
  }

  private static double share(String text, double thresholdPct, String rule) {
    if (text == null) {
      return Double.POSITIVE_INFINITY;
    }
    boolean relative = text.endsWith("threshold");
    String number = text.replace("threshold", "").replace("%", "").strip();
    String factor = relative && number.isEmpty() ? "1" : number;
    double unit = relative ? thresholdPct : 1;
    double share = NUMBER.matcher(factor).matches() ? Double.parseDouble(factor) * unit : 0;
    if (!(share > 0) || Double.isInfinite(share)) {
      throw wrong(rule, ": '" + text + "' is not a share above 0");
    }
    return share;
  }
}

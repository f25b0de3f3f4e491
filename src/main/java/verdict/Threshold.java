package verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.Figure;
import kpi.Kpi;
import kpi.KpiReport;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/**
 * A KPI, an operator and a bound, as the user writes them: {@code ttft.p95 < 500 ms}, {@code
 * gap.p99 < interval + 50 ms}, {@code llm.rss_max < 200 MB}. Parsed before a run starts, so that a
 * mistake never costs a run.
 *
 * <p>The bound is a sum of numbers with the KPI's unit (times in us, ms or s) and of the words that
 * the simulation defines, such as {@code interval} and {@code duration}, which are in ms. All but
 * {@code slack} are times that the load itself takes. Words that end with {@code floor} are rates.
 *
 * @param operator between figure and bound: &lt;, &lt;=, &gt; or &gt;=
 * @param bound in the KPI's unit; NaN if one of its words is not known in the run
 * @param slack the bound without the times that the load itself takes, in the KPI's unit
 */
public record Threshold(
    String text, FigureName figure, String operator, double bound, double slack) {
  private static final Pattern FORM =
      Pattern.compile("\\s*((?:\\*\\.)?[a-z][\\w.-]*)\\s*(<=|>=|<|>)\\s*(.+?)\\s*");
  private static final String SLACK = "slack";

  /** The end of words that are rates. */
  private static final String FLOOR = "floor";

  static final double NEAR = 2;

  /** The share of streams of which the generator's own lateness may leave open what they were. */
  private static final double UNKNOWN_PCT = 5;

  private static final String WHILE_LATE =
      ", which it meets without the streams that missed an SLO while the generator itself was late";

  /** Counters of what failed, by the figure that they lower or raise. */
  private static final Map<Kpi, List<String>> FAILURES =
      Map.of(
          Kpi.SUCCESS_RATE,
          Stream.of(kpi.Outcome.values())
              .filter(o -> o != kpi.Outcome.OK && o != kpi.Outcome.CANCELLED)
              .map(kpi.Outcome::counter)
              .toList(),
          Kpi.ERROR_RATE,
          List.of(
              "bids_undecided", "bids_refused", "bids_unknown", "reads_failed", "looks_failed"));

  private static final Pattern TERM =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*(1/s|[^\\s0-9].*)?");

  /**
   * Parses a threshold.
   *
   * @param words values in ms of the words that the simulation defines
   * @throws IllegalArgumentException with the error and a correct form
   */
  public static Threshold parse(String text, Map<String, Double> words) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw FigureName.wrong(text, " is not a limit; write for example ttft.p95 < 500 ms");
    }
    FigureName figure = FigureName.parse(form.group(1), text);
    double bound = 0;
    double slack = 0;
    for (String term : form.group(3).split("\\+", -1)) {
      double value = value(term.strip(), figure.kpi(), words, text);
      bound += value;
      slack += words.containsKey(term.strip()) && !term.strip().equals(SLACK) ? 0 : value;
    }
    return new Threshold(text.strip(), figure, form.group(2), bound, slack);
  }

  /**
   * Returns the least slack of the upper limits on high percentiles and maxima of latencies, in ms:
   * a generator that is later than that misses a limit by itself. Infinite without such a limit.
   */
  public static double leastSlackMs(List<Threshold> limits) {
    return limits.stream()
        .filter(Threshold::boundsLatency)
        .filter(
            limit ->
                FigureName.PERCENTILES.indexOf(limit.figure.stat()) > 0
                    || limit.figure.stat().equals("max"))
        .mapToDouble(Threshold::slack)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  public boolean isUpper() {
    return operator.startsWith("<");
  }

  /** Returns true for an upper limit of a statistic of a latency. */
  boolean boundsLatency() {
    return isUpper() && figure.kpi().isDistribution();
  }

  /** Returns the name of the check of this threshold, such as {@code ttft_p95}. */
  public String checkName() {
    return figure.checkName();
  }

  /** Returns operator and bound with the unit, such as {@code < 500 ms}. */
  public String words() {
    return Double.isNaN(bound)
        ? text.substring(text.indexOf(operator))
        : operator + " " + Numbers.words(bound, figure.kpi().unit());
  }

  /**
   * Returns a number with its unit, or one of the words, in the KPI's unit.
   *
   * @throws IllegalArgumentException for anything else
   */
  static double value(String term, Kpi kpi, Map<String, Double> words, String text) {
    if (words.containsKey(term) && kpi.unit().equals(term.endsWith(FLOOR) ? "1/s" : "ms")) {
      return words.get(term);
    }
    Matcher number = TERM.matcher(term);
    String unit = number.matches() && number.group(2) != null ? number.group(2).strip() : "";
    double factor = unit.equals(kpi.unit()) ? 1 : kpi.unit().equals("ms") ? msOf(unit) : 0;
    if (number.matches() && factor > 0) {
      return Double.parseDouble(number.group(1)) * factor;
    }
    boolean worded = kpi.unit().equals("ms") && !words.isEmpty();
    throw FigureName.wrong(
        text,
        (": '" + term + "' is not a number of " + kpi.unit())
            + (worded ? " or one of " + String.join(", ", words.keySet()) : ""));
  }

  private static double msOf(String unit) {
    return unit.equals("s") ? 1e3 : unit.equals("us") ? 1e-3 : 0;
  }

  /**
   * Checks thresholds, in their order; one with {@code *.} gives a check for each target process
   * that has the figure or the reason why not, except those with their own threshold.
   */
  public static List<Check> check(List<Threshold> limits, KpiReport report) {
    List<Check> checks = new ArrayList<>();
    Set<FigureName> named = limits.stream().map(Threshold::figure).collect(Collectors.toSet());
    Set<String> figures = new LinkedHashSet<>(report.figures().keySet());
    figures.addAll(report.absent().keySet());
    for (Threshold limit : limits) {
      List<FigureName> all = limit.figure().among(figures, named);
      boolean none = all.isEmpty() && named.stream().filter(limit.figure()::covers).count() == 1;
      for (FigureName figure : none ? List.of(limit.figure().ofAllTargets()) : all) {
        checks.add(check(limit, figure, report));
      }
    }
    return checks;
  }

  /**
   * Returns the thresholds of a simulation with the general ones; the simulation's own replace
   * those of the same figure.
   */
  public static List<Threshold> merged(List<Threshold> own, List<Threshold> general) {
    List<Threshold> all = new ArrayList<>(own);
    general.stream()
        .filter(limit -> own.stream().noneMatch(mine -> mine.figure().covers(limit.figure())))
        .forEach(all::add);
    return all;
  }

  private static Check check(Threshold limit, FigureName name, KpiReport report) {
    OptionalDouble value = name.value(report);
    if (!Double.isNaN(limit.bound) && value.isPresent()) {
      return limit.check(name, value.getAsDouble(), report);
    }
    // A figure of a process that the user named must be there; those of all are what there is.
    boolean open =
        Double.isNaN(limit.bound)
            || limit.figure.isOfTargets()
            || report.unchecked().containsKey(name.name());
    String reason =
        Double.isNaN(limit.bound)
            ? "'" + limit.text + "' rests on the plan of a stream, which the service did not get."
            : name.whyNone(report);
    Outcome outcome = open ? Outcome.NOT_EVALUATED : Outcome.INCONCLUSIVE;
    String words = open ? "" : "none";
    return new Check(name.checkName(), Kind.THRESHOLD, outcome, words, limit.words(), reason);
  }

  /** A figure with an interval fails only if no value in it would hold. */
  private Check check(FigureName name, double value, KpiReport report) {
    Figure figure = report.figures().get(name.name());
    boolean interval = figure != null && figure.low() != null;
    String words = Numbers.words(value, name.kpi().unit());
    String range =
        interval
            ? " (" + Numbers.plain(figure.low()) + " to " + Numbers.plain(figure.high()) + ")"
            : "";
    String reason = name.checkName() + " is " + words + range + "; the limit is " + words();
    Outcome outcome = Outcome.PASS;
    if (!holds(value) && interval && (holds(figure.low()) || holds(figure.high()))) {
      boolean ofStreams = name.kpi() == Kpi.GOODPUT;
      boolean unknown = ofStreams && figure.high() - figure.low() > UNKNOWN_PCT;
      outcome = unknown ? Outcome.INCONCLUSIVE : Outcome.WARN;
      reason += ofStreams ? WHILE_LATE : ", which its interval includes";
    } else if (!holds(value)) {
      outcome = Outcome.FAIL;
      String failures = failures(name.kpi(), report);
      reason += failures.isEmpty() ? "" : ": " + failures;
    }
    return new Check(name.checkName(), Kind.THRESHOLD, outcome, words, words(), reason + ".");
  }

  /**
   * Returns whether a busy machine may be why this threshold was missed: a latency or drift of at
   * most twice its bound, or a share that latencies decide.
   */
  boolean isNear(KpiReport report) {
    Kpi kpi = figure.kpi();
    return kpi == Kpi.GOODPUT
        || kpi == Kpi.GOOD_SECONDS
        || ((kpi.unit().equals("ms") || kpi == Kpi.PACE_DRIFT)
            && figure.value(report).orElse(Double.MAX_VALUE) <= NEAR * bound);
  }

  /** Returns what lowers a rate, the most first, such as {@code 812 limited, 3 reset}. */
  public static String failures(Kpi kpi, KpiReport report) {
    return FAILURES.getOrDefault(kpi, List.of()).stream()
        .filter(counter -> report.counter(counter) > 0)
        .sorted(Comparator.comparing(report::counter).reversed())
        .map(
            counter ->
                Numbers.count(report.counter(counter))
                    + " "
                    + counter.replaceFirst("^outcome_", "").replace('_', ' '))
        .collect(Collectors.joining(", "));
  }

  boolean holds(double value) {
    boolean within = isUpper() ? value < bound : value > bound;
    return within || (operator.endsWith("=") && value == bound);
  }
}

package verdict;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import kpi.Percentiles;
import kpi.UnusableFile;

/**
 * A run beside its baseline: the content of {@code comparison.json}, and the checks that it adds to
 * the verdict. A pure function of the two and of the rules.
 *
 * @param schema version of this form
 * @param state {@code compared} or {@code not_compared}
 * @param reason why it was not compared, in a sentence; else empty
 * @param baseline origin of the baseline; null if there is none
 * @param changes every figure that the baseline has
 * @param checks for the verdict
 */
@JsonPropertyOrder({"schema", "state", "reason", "baseline", "changes"})
public record Comparison(
    int schema,
    String state,
    String reason,
    Source baseline,
    List<Change> changes,
    @JsonIgnore List<Check> checks) {
  /** The version that this code writes. */
  public static final int SCHEMA = 1;

  private static final String COMPARED = "compared";
  private static final String NOT_COMPARED = "not_compared";
  private static final List<String> STATES = List.of(COMPARED, NOT_COMPARED);

  /** Changes on a console: one screen; the report has the rest. */
  private static final int LINES_MAX = 8;

  private static final Comparator<Change> ORDER =
      Comparator.comparing(Comparison::outcome)
          .reversed()
          .thenComparing(Comparator.comparingDouble(Comparison::size).reversed());

  /** Name of the check of a comparison that could not be made. */
  public static final String NAME = "baseline";

  /**
   * The origin of a baseline.
   *
   * @param file its path
   * @param commit of the tree that was measured
   * @param made start of the last run, ISO 8601
   * @param runs number of runs
   */
  public record Source(String file, String commit, String made, int runs) {}

  /** Returns no comparison, with the reason. */
  public static Comparison none(String reason) {
    return none(null, reason);
  }

  /**
   * Compares a run with its baseline.
   *
   * @param baselines holds the baseline
   * @param run the run
   * @param rules for the checks
   * @throws UnusableFile if there is a baseline that cannot be used
   */
  public static Comparison of(Baselines baselines, RunRecord run, List<Rule> rules)
      throws UnusableFile {
    Optional<Baseline> found = baselines.read(run.simulation(), run.profile());
    String file = baselines.file(run.simulation(), run.profile()).toString();
    if (found.isEmpty()) {
      return none("There is no baseline " + file + "; -Dupdate-baseline makes one.");
    }
    Baseline baseline = found.get();
    Source source = new Source(file, baseline.commit(), baseline.made(), baseline.runs());
    if (run.recorded().stream().anyMatch(check -> check.outcome() == Check.Outcome.INVALID)) {
      return none(source, "Not compared, because the run is invalid.");
    }
    return baseline
        .objection(run)
        .map(objection -> none(source, objection))
        .orElseGet(() -> compared(source, baseline, run, rules));
  }

  /** Replaces what is absent, and what comparison.json does not hold. */
  public Comparison {
    changes = changes == null ? List.of() : changes;
    checks = checks == null ? List.of() : checks;
    reason = reason == null ? "" : reason;
    if (!STATES.contains(state)) {
      throw new IllegalArgumentException("its state is not one of " + String.join(", ", STATES));
    }
  }

  /** Returns the comparison for a console: its sentence and the notable changes. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(sentence());
    if (made()) {
      List<Change> notable = changes.stream().filter(Change::hasMoved).sorted(ORDER).toList();
      notable.stream().limit(LINES_MAX).forEach(change -> lines.add("  " + change.line()));
      if (notable.size() > LINES_MAX) {
        lines.add("  and " + (notable.size() - LINES_MAX) + " more that moved");
      }
      int quiet = changes.size() - notable.size();
      lines.add("  " + Numbers.count(quiet) + " figures are within the baseline's runs.");
    }
    return lines;
  }

  private static Check.Outcome outcome(Change change) {
    return change.outcome() == null ? Check.Outcome.PASS : change.outcome();
  }

  private static double size(Change change) {
    return change.changePct() == null ? Double.POSITIVE_INFINITY : Math.abs(change.changePct());
  }

  /** Returns true if figures were compared. */
  public boolean made() {
    return state.equals(COMPARED);
  }

  /** Returns the result in a sentence. */
  public String sentence() {
    if (!made()) {
      return reason;
    }
    long worse = checks.stream().filter(check -> check.outcome() != Check.Outcome.PASS).count();
    return String.format(
        Locale.ROOT,
        "Compared with %s (%d runs, commit %.7s): %d of %d figures under a rule stand out.",
        baseline.file(),
        baseline.runs(),
        baseline.commit(),
        worse,
        checks.size());
  }

  private static Comparison none(Source source, String reason) {
    return new Comparison(SCHEMA, NOT_COMPARED, reason, source, List.of(), List.of(open(reason)));
  }

  private static Check open(String reason) {
    return new Check(
        NAME,
        Check.Kind.BASELINE,
        Check.Outcome.INCONCLUSIVE,
        "none",
        "a baseline that can be compared",
        reason);
  }

  private static Comparison compared(
      Source source, Baseline baseline, RunRecord run, List<Rule> rules) {
    Set<FigureName> named = rules.stream().map(Rule::figure).collect(Collectors.toSet());
    // Also those that only the baseline has: a missing process must show.
    Set<String> figures = new LinkedHashSet<>(run.report().figures().keySet());
    figures.addAll(baseline.kpis().keySet());
    Map<String, Check> checks = new LinkedHashMap<>();
    for (Rule rule : rules) {
      for (FigureName name : rule.figure().among(figures, named)) {
        Spread spread = baseline.kpis().get(name.text());
        if (spread != null || measured(name, run)) {
          checks.put(name.text(), check(rule, name, spread, run));
        }
      }
    }
    List<Change> changes = new ArrayList<>();
    baseline
        .kpis()
        .forEach(
            (name, spread) ->
                changes.add(change(name, spread, run, Optional.ofNullable(checks.get(name)))));
    List<Check> all =
        checks.isEmpty()
            ? List.of(open("No regression rule is about a figure of this run."))
            : List.copyOf(checks.values());
    return new Comparison(SCHEMA, COMPARED, "", source, changes, all);
  }

  /** Returns true if the run has the KPI; rules are for all simulations, each with some KPIs. */
  private static boolean measured(FigureName name, RunRecord run) {
    Percentiles percentiles = run.report().kpis().get(name.name());
    return name.stat().isEmpty()
        ? run.report().figures().containsKey(name.name())
        : percentiles != null && percentiles.count() > 0;
  }

  private static Check check(Rule rule, FigureName name, Spread spread, RunRecord run) {
    OptionalDouble figure = name.value(run.report());
    String words =
        figure.isPresent() ? Numbers.words(figure.getAsDouble(), name.kpi().unit()) : "none";
    if (figure.isEmpty() || spread == null) {
      return new Check(
          Rule.checkName(name),
          Check.Kind.BASELINE,
          Check.Outcome.INCONCLUSIVE,
          words,
          rule.words(),
          figure.isEmpty() ? name.whyNone(run.report()) : whyNone(name));
    }
    double worseBy = rule.worse() * (figure.getAsDouble() - spread.centre());
    Check.Outcome outcome = rule.judge(spread.percent(worseBy), worseBy, spread.noise());
    return new Check(
        Rule.checkName(name),
        Check.Kind.BASELINE,
        outcome,
        words + change(figure.getAsDouble(), spread),
        rule.words(),
        sentence(name, figure.getAsDouble(), spread, outcome, worseBy));
  }

  /** Returns the reason why a baseline lacks a figure that the run has. */
  private static String whyNone(FigureName name) {
    return "The baseline has no "
        + name.text()
        + ": at least one of its runs "
        + (name.stat().isEmpty() ? "did not measure it." : "had too few samples.");
  }

  private static String sentence(
      FigureName name, double figure, Spread spread, Check.Outcome outcome, double worseBy) {
    String unit = name.kpi().unit();
    OptionalDouble share = spread.percent(spread.noise());
    String noise =
        share.isPresent()
            ? Numbers.plain(share.getAsDouble()) + " %"
            : Numbers.words(spread.noise(), unit);
    String explained = "; the spread of the baseline's runs explains " + noise;
    String evidence = "";
    if (outcome != Check.Outcome.PASS) {
      evidence = worseBy > spread.noise() ? explained : explained + ", so this may be chance";
    }
    return String.format(
        Locale.ROOT,
        "%s was %s and is %s%s%s.",
        name.text(),
        Numbers.words(spread.centre(), unit),
        Numbers.words(figure, unit),
        change(figure, spread),
        evidence);
  }

  private static String change(double figure, Spread spread) {
    OptionalDouble percent = spread.percent(figure - spread.centre());
    return percent.isEmpty()
        ? ""
        : String.format(Locale.ROOT, " (%+.1f %%)", percent.getAsDouble());
  }

  private static Change change(String name, Spread spread, RunRecord run, Optional<Check> check) {
    OptionalDouble figure = FigureName.parse(name, name).value(run.report());
    OptionalDouble percent =
        figure.isPresent()
            ? spread.percent(figure.getAsDouble() - spread.centre())
            : OptionalDouble.empty();
    return new Change(
        name,
        spread.unit(),
        spread.direction(),
        spread.centre(),
        spread.low(),
        spread.high(),
        boxed(figure),
        boxed(percent),
        boxed(spread.percent(spread.noise())),
        check.map(Check::outcome).orElse(null));
  }

  private static Double boxed(OptionalDouble value) {
    return value.isPresent() ? Double.valueOf(Spread.rounded(value.getAsDouble())) : null;
  }
}

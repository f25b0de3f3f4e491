package baseline;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import verdict.Check;
import verdict.CheckKind;
import verdict.FigureName;
import verdict.Grade;
import verdict.Numbers;
import verdict.Rule;

/**
 * A run beside its baseline: the content of {@code comparison.json}, and the checks that it adds to
 * the verdict. A pure function of the two and of the rules.
 *
 * @param schema version of this form
 * @param state {@code compared} or {@code not_compared}
 * @param reason why not, in a sentence; empty if compared
 * @param baseline where the baseline came from; null if there is none
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

  /** The check of a comparison that could not be made. */
  public static final String NAME = "baseline";

  /**
   * Where a baseline came from.
   *
   * @param file as the user would type it
   * @param commit of the tree that was measured
   * @param made when, ISO 8601
   * @param runs how many stand behind it
   */
  public record Source(String file, String commit, String made, int runs) {}

  /** No comparison, for a reason. */
  public static Comparison none(String reason) {
    return none(null, reason);
  }

  /**
   * Compares.
   *
   * @param baselines where the baseline is looked for
   * @param run is compared
   * @param rules by which
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
    if (run.verdict().verdict() == Grade.INVALID) {
      return none(source, "Not compared, because the run is invalid.");
    }
    return baseline
        .objection(run)
        .map(objection -> none(source, objection))
        .orElseGet(() -> compared(source, baseline, run, rules));
  }

  /** True if figures were compared. */
  public boolean made() {
    return reason.isEmpty();
  }

  /** What came of it, in a sentence. */
  public String sentence() {
    if (!made()) {
      return reason;
    }
    long worse = checks.stream().filter(check -> check.outcome() != Grade.PASS).count();
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
    Check check =
        new Check(
            NAME,
            CheckKind.BASELINE,
            Grade.INCONCLUSIVE,
            "none",
            "a baseline that can be compared",
            reason);
    return new Comparison(SCHEMA, "not_compared", reason, source, List.of(), List.of(check));
  }

  private static Comparison compared(
      Source source, Baseline baseline, RunRecord run, List<Rule> rules) {
    Map<String, Check> checks = new LinkedHashMap<>();
    for (Rule rule : rules) {
      for (FigureName name : rule.figure().among(run.report().figures().keySet(), Set.of())) {
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
    return new Comparison(SCHEMA, "compared", "", source, changes, List.copyOf(checks.values()));
  }

  /** Rules are for every simulation; a KPI that this one has nothing of is not missing. */
  private static boolean measured(FigureName name, RunRecord run) {
    return name.stat().isEmpty()
        ? run.report().figures().containsKey(name.name())
        : run.report().kpis().containsKey(name.name())
            && run.report().kpis().get(name.name()).count() > 0;
  }

  private static Check check(Rule rule, FigureName name, Spread spread, RunRecord run) {
    OptionalDouble figure = name.value(run.report());
    String unit = name.kpi().unit();
    String words = figure.isPresent() ? Numbers.words(figure.getAsDouble(), unit) : "none";
    Check open =
        new Check(
            Rule.checkName(name),
            CheckKind.BASELINE,
            Grade.INCONCLUSIVE,
            words,
            rule.words(),
            figure.isPresent()
                ? "The baseline has no "
                    + name.text()
                    + ": at least one of its runs had too few"
                    + " samples."
                : name.whyNone(run.report()));
    if (figure.isEmpty() || spread == null) {
      return open;
    }
    double worseBy = rule.worse() * (figure.getAsDouble() - spread.centre());
    OptionalDouble worsePct = spread.percent(worseBy);
    Grade outcome = rule.judge(worsePct, worseBy, spread.noise());
    return new Check(
        open.name(),
        CheckKind.BASELINE,
        outcome,
        words + change(figure.getAsDouble(), spread),
        rule.words(),
        sentence(name, figure.getAsDouble(), spread, outcome, worseBy));
  }

  private static String sentence(
      FigureName name, double figure, Spread spread, Grade outcome, double worseBy) {
    String unit = name.kpi().unit();
    String noise =
        spread.percent(spread.noise()).isPresent()
            ? Numbers.plain(spread.percent(spread.noise()).getAsDouble()) + " %"
            : Numbers.words(spread.noise(), unit);
    String evidence =
        worseBy > spread.noise()
            ? "; runs of the baseline explain " + noise
            : worseBy > 0 && outcome != Grade.PASS
                ? "; but runs of the baseline differ by as much as "
                    + noise
                    + ", so this may be chance"
                : "";
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
    String stat = name.replaceFirst(".*\\.(?=p\\d+$)", "");
    FigureName figureName =
        stat.equals(name)
            ? new FigureName(name, "")
            : new FigureName(name.substring(0, name.length() - stat.length() - 1), stat);
    OptionalDouble figure = figureName.value(run.report());
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
    return value.isPresent() ? Double.valueOf(Math.rint(value.getAsDouble() * 1e4) / 1e4) : null;
  }
}

package verdict;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import kpi.Figure;
import kpi.JsonFile;
import kpi.Percentiles;
import kpi.UnusableFile;
import verdict.Check.Kind;
import verdict.Check.Outcome;

/**
 * A run beside its baseline: the content of {@code comparison.json}, and the checks that it adds to
 * the verdict. A pure function of the two and of the rules.
 *
 * @param state {@code compared} or {@code not_compared}
 * @param reason why it was not compared, in a sentence; else empty
 * @param baseline origin of the baseline; null if there is none
 * @param changes every figure that the baseline has
 */
public record Comparison(
    int schema,
    String state,
    String reason,
    Source baseline,
    List<Change> changes,
    @JsonIgnore List<Check> checks) {
  private static final String COMPARED = "compared";
  private static final String NOT_COMPARED = "not_compared";

  /** Units of what a slower machine makes worse: times, and CPU an event. */
  private static final Set<String> OF_SPEED = Set.of("ms", "us");

  /** Changes on a console: one screen; the report has the rest. */
  private static final int LINES_MAX = 8;

  /** The worst outcome first, then the largest change. */
  private static final Comparator<Change> ORDER =
      Comparator.comparing((Change change) -> change.isGood() ? Outcome.PASS : change.outcome())
          .thenComparingDouble(
              change ->
                  change.changePct() == null
                      ? Double.POSITIVE_INFINITY
                      : Math.abs(change.changePct()))
          .reversed();

  /** The origin of a baseline; its last run was {@code made} at a time in ISO 8601. */
  public record Source(String file, String commit, String made, int runs) {}

  /** Replaces what comparison.json does not hold. */
  public Comparison {
    checks = checks == null ? List.of() : checks;
    if (!COMPARED.equals(state) && !NOT_COMPARED.equals(state)) {
      throw new IllegalArgumentException(
          "its state is not one of " + COMPARED + ", " + NOT_COMPARED);
    }
  }

  public static Comparison none(String reason) {
    return none(null, reason);
  }

  /**
   * Compares a run with its baseline.
   *
   * @param own rules of the run, which replace those of the catalogue on the same figures
   * @param thresholdPct value of the word {@code threshold} in the rules of the catalogue
   * @throws UnusableFile if there is a baseline that cannot be used
   */
  static Comparison of(Baselines baselines, RunRecord run, List<Rule> own, double thresholdPct)
      throws UnusableFile {
    Optional<Baseline> found = baselines.read(run.simulation(), run.profile());
    String file = baselines.file(run.simulation(), run.profile()).toString();
    if (found.isEmpty()) {
      return none("There is no baseline " + file + "; -Dupdate-baseline makes one.");
    }
    Baseline baseline = found.get();
    Source source = new Source(file, baseline.commit(), baseline.made(), baseline.runs());
    if (run.recorded().stream().anyMatch(check -> check.outcome() == Outcome.INVALID)) {
      return none(source, "Not compared, because the run is invalid.");
    }
    Optional<String> objection = baseline.objection(run);
    if (objection.isPresent()) {
      return none(source, objection.get() + " -Dupdate-baseline makes one that fits.");
    }
    double slower = MachineSpeed.of(baseline, run).slower();
    Map<String, Check> checks = checks(baseline, run, own, slower);
    for (FigureName name : compared(baseline, run, own)) {
      Spread spread = baseline.kpis().get(name.text());
      Rule.byDefault(name, thresholdPct)
          .map(rule -> check(rule, name, spread, run, slower))
          .map(check -> spread == null ? check.notEvaluated(check.reason()) : check)
          .ifPresent(check -> checks.put(name.text(), check));
    }
    List<Change> changes = new ArrayList<>();
    baseline
        .kpis()
        .forEach(
            (name, spread) -> changes.add(Change.of(name, spread, run.report(), checks.get(name))));
    List<Check> all =
        checks.isEmpty()
            ? List.of(open("No regression rule is about a figure of this run."))
            : List.copyOf(checks.values());
    return new Comparison(JsonFile.SCHEMA, COMPARED, "", source, changes, all);
  }

  public boolean made() {
    return state.equals(COMPARED);
  }

  public String sentence() {
    if (!made()) {
      return reason;
    }
    return Numbers.sentence(
            "Compared with %s (%s runs, commit %.7s): %s of %s figures under a rule stand out.",
            baseline.file(),
            baseline.runs(),
            baseline.commit(),
            checks.stream().filter(check -> check.outcome().compareTo(Outcome.PASS) > 0).count(),
            checks.size())
        + otherSpeed();
  }

  /** Returns a sentence about a machine of another speed, after a space; empty without. */
  public String otherSpeed() {
    return MachineSpeed.of(changes).sentence();
  }

  /** Returns the comparison for a console: its sentence and the notable changes. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(sentence());
    if (made()) {
      lines.addAll(lines(changes, LINES_MAX, "the baseline's runs"));
    }
    return lines;
  }

  /**
   * Returns the changes that moved, the worst first.
   *
   * @param most lines of changes
   * @param within what all others are within
   */
  static List<String> lines(List<Change> changes, int most, String within) {
    List<Change> notable = changes.stream().filter(Change::hasMoved).sorted(ORDER).toList();
    List<String> lines = new ArrayList<>();
    notable.stream().limit(most).forEach(change -> lines.add("  " + change.line()));
    if (notable.size() > most) {
      lines.add("  and " + (notable.size() - most) + " more that moved");
    }
    int quiet = changes.size() - notable.size();
    lines.add("  " + Numbers.count(quiet) + " figures are within " + within + ".");
    return lines;
  }

  private static Comparison none(Source source, String reason) {
    return new Comparison(
        JsonFile.SCHEMA, NOT_COMPARED, reason, source, List.of(), List.of(open(reason)));
  }

  private static Check open(String reason) {
    String limit = "a baseline that can be compared";
    return new Check("baseline", Kind.BASELINE, Outcome.INCONCLUSIVE, "none", limit, reason);
  }

  /**
   * Returns the figures that the catalogue's rules are about: of a distribution the median, and the
   * highest firm percentile up to p99 that the baseline has too, else the lowest.
   */
  private static List<FigureName> compared(Baseline baseline, RunRecord run, List<Rule> own) {
    Map<String, FigureName> tails = new LinkedHashMap<>();
    List<FigureName> names = new ArrayList<>();
    Set<FigureName> all = new LinkedHashSet<>();
    baseline.kpis().keySet().forEach(text -> all.add(FigureName.parse(text, text)));
    Baseline.names(run.report()).stream()
        .filter(name -> !name.isTail() && name.value(run.report()).isPresent())
        .forEach(all::add);
    for (FigureName name : all) {
      if (!name.isOfTarget() || own.stream().anyMatch(rule -> rule.replaces(name))) {
        continue;
      }
      if (!name.isTail()) {
        names.add(name);
      } else if (!name.stat().equals("p999")) {
        tails.merge(name.name(), name, (low, high) -> high.isFirm(run.report()) ? high : low);
      }
    }
    names.addAll(tails.values());
    return names;
  }

  /** Returns the checks by the figure's name. */
  private static Map<String, Check> checks(
      Baseline baseline, RunRecord run, List<Rule> rules, double slower) {
    Set<FigureName> named = rules.stream().map(Rule::figure).collect(Collectors.toSet());
    // Also those that only the baseline has: a missing process must show.
    Set<String> figures = new LinkedHashSet<>(run.report().figures().keySet());
    figures.addAll(baseline.kpis().keySet());
    Map<String, Check> checks = new LinkedHashMap<>();
    for (Rule rule : rules) {
      for (FigureName name : rule.figure().among(figures, named)) {
        Spread spread = baseline.kpis().get(name.text());
        if (spread != null || measured(name, run)) {
          checks.put(name.text(), check(rule, name, spread, run, slower));
        }
      }
    }
    return checks;
  }

  /** Returns true if the run has the KPI; rules are for all simulations, each with some KPIs. */
  private static boolean measured(FigureName name, RunRecord run) {
    Percentiles percentiles = run.report().kpis().get(name.name());
    return name.stat().isEmpty()
        ? run.report().figures().containsKey(name.name())
        : percentiles != null && percentiles.count() > 0;
  }

  private static Check check(
      Rule rule, FigureName name, Spread spread, RunRecord run, double slower) {
    OptionalDouble measured = name.value(run.report());
    double figure = measured.orElse(Double.NaN);
    String words = measured.isEmpty() ? "none" : Numbers.words(figure, name.kpi().unit());
    Outcome outcome = Outcome.INCONCLUSIVE;
    String reason;
    if (measured.isEmpty()) {
      reason = name.whyNone(run.report());
    } else if (spread == null) {
      reason =
          "The baseline has no "
              + name.text()
              + ": at least one of its runs "
              + (name.stat().isEmpty() ? "did not measure it." : "had too few samples.")
              + " -Dupdate-baseline makes it again.";
    } else {
      // Of a figure with an interval, its better end is what is certain.
      Figure own = run.report().figures().get(name.name());
      boolean exact = own == null || own.low() == null;
      double certain = exact ? figure : rule.worse() > 0 ? own.low() : own.high();
      double worseBy = rule.worse() * (certain - spread.centre());
      outcome = rule.judge(spread.percent(worseBy), worseBy, spread.noise());
      OptionalDouble percent = spread.percent(figure - spread.centre());
      words += percent.isEmpty() ? "" : " (" + Numbers.change(percent.getAsDouble()) + ")";
      String was = Numbers.words(spread.centre(), spread.unit());
      String evidence = outcome == Outcome.PASS ? "" : evidence(spread, worseBy);
      if (outcome == Outcome.FAIL && isOfMachine(rule, spread, certain, slower)) {
        outcome = Outcome.WARN;
        evidence +=
            "; the generator's own CPU an event is "
                + Numbers.change(100 * (slower - 1))
                + " too, so the machine may be slower than it was";
      }
      reason = name.text() + " was " + was + " and is " + words + evidence + ".";
    }
    Check check =
        new Check(Rule.checkName(name), Kind.BASELINE, outcome, words, rule.words(), reason);
    boolean changed = spread != null && measured.isPresent() && outcome != Outcome.PASS;
    return changed ? blameless(check, rule, spread, name, figure, run) : check;
  }

  /** Returns true if a slower machine explains a failure: reduced by its slowness, it is none. */
  private static boolean isOfMachine(Rule rule, Spread spread, double certain, double slower) {
    double left = certain / slower - spread.centre();
    return slower > 1
        && OF_SPEED.contains(spread.unit())
        && rule.judge(spread.percent(left), left, spread.noise()) != Outcome.FAIL;
  }

  /**
   * Returns a change for the worse as INCONCLUSIVE if other programs on the machine may be why:
   * that of a latency, and of less than a factor of any other figure. A latency is also judged
   * without the seconds of a late generator.
   */
  private static Check blameless(
      Check worse, Rule rule, Spread spread, FigureName name, double figure, RunRecord run) {
    Optional<Check> others = run.recorded().stream().filter(Validity::besideOthers).findFirst();
    double times = rule.worse() > 0 ? figure / spread.centre() : spread.centre() / figure;
    if (others.isPresent() && (name.kpi().unit().equals("ms") || times < Threshold.NEAR)) {
      return worse.inconclusive(worse.reason() + " " + others.get().reason());
    }
    double allowed =
        Math.max(Math.max(rule.atLeast(), spread.noise()), rule.failPct() / 100 * spread.centre());
    double bound = spread.centre() + allowed;
    return worse.outcome() == Outcome.FAIL && name.kpi().isDistribution()
        ? new LateSeconds(run, name, allowed).judge(worse, value -> value < bound, bound)
        : worse;
  }

  private static String evidence(Spread spread, double worseBy) {
    OptionalDouble share = spread.percent(spread.noise());
    return "; the spread of the baseline's runs explains "
        + (share.isPresent()
            ? Numbers.plain(share.getAsDouble()) + " %"
            : Numbers.words(spread.noise(), spread.unit()))
        + (worseBy > spread.noise() ? "" : ", so this may be chance");
  }
}

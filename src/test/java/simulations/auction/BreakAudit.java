package simulations.auction;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.Figure;
import kpi.Kpi;
import kpi.Phase;
import simulations.auction.StepLimits.Blame;
import simulations.auction.StepLimits.Met;
import simulations.auction.StepLimits.Use;
import simulations.auction.StepSchedule.Step;
import simulations.run.Audit;
import simulations.run.Console;
import simulations.run.Load;
import simulations.run.Run;
import verdict.Check;
import verdict.Numbers;

/** Finds the knee of a stepped load, and reconciles its bids. */
final class BreakAudit implements Audit, Load {
  private static final double NS_PER_MS = 1e6;
  private static final String NAME = "knee_found";

  private final StepLoad load;
  private final BidReconciliation reconciliation;
  private List<Use> uses = List.of();

  /**
   * @param load that is reconciled
   * @param reconciliation of the item
   */
  BreakAudit(StepLoad load, BidReconciliation reconciliation) {
    this.load = load;
    this.reconciliation = reconciliation;
  }

  @Override
  public void settle() {
    reconciliation.settle();
  }

  /** Also prints the table of the steps: what each process used is known only now. */
  @Override
  public Map<String, Figure> figures(double measuredS) {
    uses = load.uses();
    Console.line("");
    StepTable.lines(uses).forEach(Console::line);
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (Use use : uses) {
      Step step = use.step();
      String name = "step" + step.number();
      put(figures, name, Kpi.OFFERED_PER_S, step.offeredPerS());
      put(figures, name, Kpi.DECIDED_PER_S, step.decidedPerS());
      put(figures, name, Kpi.STEP_P99, step.p99Ms());
      put(figures, name, Kpi.ERROR_RATE, step.errorPct());
      put(figures, name, Kpi.WAKE_LAG, step.wakeLagMs());
      use.cores().forEach((process, cores) -> put(figures, name + "." + process, cores));
    }
    lastGood().ifPresent(step -> figures.put(Kpi.KNEE.word(), knee(step)));
    double errorPct = ContendAudit.errorPct(load.tally(Phase.MEASURE));
    figures.put(Kpi.ERROR_RATE.word(), Figure.of(Kpi.ERROR_RATE, errorPct));
    return figures;
  }

  @Override
  public Map<String, Double> offered() {
    return load.arrivals().offered();
  }

  @Override
  public Map<String, Double> achieved() {
    return load.arrivals().achieved();
  }

  @Override
  public List<Check> invariants() {
    List<Check> checks = new ArrayList<>();
    checks.add(kneeFound());
    checks.addAll(reconciliation.checks());
    Map<String, Long> counted = load.tally(Phase.MEASURE).counters();
    checks.add(ContendAudit.losersLost(counted));
    checks.add(ContendAudit.wellFormed(counted));
    return checks;
  }

  @Override
  public Map<String, String> unchecked() {
    return reconciliation.unchecked();
  }

  private Optional<Step> lastGood() {
    return uses.stream().map(Use::step).filter(Step::isGood).reduce((before, last) -> last);
  }

  private Check kneeFound() {
    if (uses.isEmpty()) {
      return check(Check.Outcome.INCONCLUSIVE, "none", "No step came to its end.");
    }
    Use last = uses.get(uses.size() - 1);
    Optional<Step> good = lastGood();
    String knee = good.map(BreakAudit::words).orElse("none");
    if (last.step().isGood()) {
      return check(
          Check.Outcome.WARN,
          knee,
          "Every step kept the bounds, up to "
              + knee
              + "; the knee lies above it (-Dsteps, -Dfactor, -Dstart).");
    }
    double boundMs = load.settings().steps().p99Bound().toNanos() / NS_PER_MS;
    Met met =
        last.step().p99Ms() > boundMs
            ? StepLimits.of(last, boundMs, Run.INJECTOR, load.loops())
            : new Met(Blame.TARGET, "nothing that was too slow: bids were answered by errors");
    String broken =
        Numbers.words(last.step().offeredPerS(), "1/s")
            + " broke by "
            + why(last.step(), boundMs)
            + ". What ran out: "
            + met.sentence()
            + ".";
    if (met.blame() != Blame.TARGET) {
      String who = met.blame() == Blame.GENERATOR ? "The generator" : "The machine";
      return check(
          Check.Outcome.WARN,
          knee,
          who
              + " came to its end before the target, of which nothing is said. The knee lies at or"
              + " above "
              + knee
              + "; the step of "
              + broken);
    }
    return good.isEmpty()
        ? check(
            Check.Outcome.INCONCLUSIVE,
            knee,
            "Already the first step of " + broken + " Begin lower.")
        : check(Check.Outcome.PASS, knee, "It held " + knee + "; " + broken);
  }

  private String why(Step step, double boundMs) {
    return step.p99Ms() > boundMs
        ? "a p99 of " + Numbers.words(step.p99Ms(), "ms") + " or more"
        : Numbers.words(step.errorPct(), "%") + " errors";
  }

  private static Check check(Check.Outcome grade, String figure, String reason) {
    return new Check(NAME, Check.Kind.INVARIANT, grade, figure, "the last step that holds", reason);
  }

  private static String words(Step step) {
    return Numbers.words(step.decidedPerS(), Kpi.KNEE.unit())
        + " with a p99 of "
        + Numbers.words(step.p99Ms(), "ms");
  }

  private static Figure knee(Step step) {
    return Figure.of(Kpi.KNEE, step.decidedPerS());
  }

  private static void put(Map<String, Figure> figures, String step, Kpi kpi, double value) {
    figures.put(step + "." + kpi.word(), Figure.of(kpi, value));
  }

  private static void put(Map<String, Figure> figures, String process, double cores) {
    figures.put(process + "." + Kpi.CPU_CORES.word(), Figure.of(Kpi.CPU_CORES, cores));
  }
}

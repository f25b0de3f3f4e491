package simulations.breaking;

import java.util.List;
import java.util.Optional;
import kpi.Kpi;
import simulations.auction.AuctionAudit;
import simulations.breaking.StepSchedule.Step;
import simulations.breaking.StepUse.Exhausted;
import simulations.breaking.StepUse.Owner;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import verdict.Check.Outcome;
import verdict.Numbers;

/** Finds the knee of a stepped load, and audits its bids. */
public final class BreakingAudit extends AuctionAudit {
  private final BreakingLoad load;

  public BreakingAudit(BreakingLoad load, BreakingSettings settings) {
    super(load, settings.item().viewers());
    this.load = load;
  }

  @Override
  public void check(Checks checks) {
    checks.of("knee_found").judge(this::knee);
    super.check(checks);
  }

  private Finding knee() {
    List<StepUse> uses = load.uses();
    if (uses.isEmpty()) {
      return finding(Outcome.INCONCLUSIVE, "none", "No step came to its end.");
    }
    Optional<Step> good = load.lastGood();
    String knee = good.map(BreakingAudit::words).orElse("none");
    StepUse last = uses.get(uses.size() - 1);
    Step step = last.step();
    if (step.isGood()) {
      String reason =
          "Every step kept the bounds, up to %s; the knee lies above it (-Dsteps, -Dfactor,"
              + " -Dstart).";
      return finding(Outcome.WARN, knee, reason.formatted(knee));
    }
    boolean slow = step.p99Ms() > load.boundMs;
    Exhausted exhausted =
        slow
            ? last.exhausted(load.boundMs, load.run.eventLoops())
            : new Exhausted(
                Owner.TARGET, "nothing that was too slow: bids were answered by errors");
    String broken =
        Numbers.sentence(
            "%s broke by %s. What ran out: %s.",
            Numbers.words(step.offeredPerS(), "1/s"),
            slow
                ? "a p99 of " + Numbers.words(step.p99Ms(), "ms") + " or more"
                : Numbers.words(step.errorPct(), "%") + " errors",
            exhausted.words());
    if (exhausted.owner() != Owner.TARGET) {
      String reason =
          "%s came to its end before the target, of which nothing is said. The knee lies at or"
              + " above %s; the step of %s";
      return finding(Outcome.WARN, knee, reason.formatted(exhausted.owner().words, knee, broken));
    }
    return good.isEmpty()
        ? finding(
            Outcome.INCONCLUSIVE, knee, "Already the first step of " + broken + " Begin lower.")
        : finding(Outcome.PASS, knee, "It held " + knee + "; " + broken);
  }

  private static Finding finding(Outcome outcome, String figure, String reason) {
    return new Finding(outcome, figure, "the last step that holds", reason);
  }

  private static String words(Step step) {
    return Numbers.words(step.decidedPerS(), Kpi.KNEE.unit())
        + " with a p99 of "
        + Numbers.words(step.p99Ms(), "ms");
  }
}

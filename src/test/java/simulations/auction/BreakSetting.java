package simulations.auction;

import java.io.IOException;
import java.util.List;
import kpi.Phase;
import simulations.run.Run;
import simulations.run.RunPlan;
import simulations.run.SuiteConfig;
import stack.StackFailure;

/**
 * Everything that a stepped run needs before its first user.
 *
 * @param settings as read
 * @param run opened, its targets ready
 * @param load shared by the users
 * @param audit reconciles at the end and finds the knee
 * @param targets that are bid on
 */
public record BreakSetting(
    BreakSettings settings, Run run, StepLoad load, BreakAudit audit, AuctionTargets targets) {
  /**
   * Reads the settings, makes the run folder, starts or reaches servers and targets, makes the
   * item.
   *
   * @throws settings.BadSettings with every wrong value, before anything is started
   * @throws StackFailure if a server or target cannot be had
   * @throws IOException if the run folder cannot be made
   */
  public static BreakSetting prepare() throws IOException {
    SuiteConfig config = SuiteConfig.of("breaking-point");
    BreakSettings settings = BreakSettings.read(config);
    Run run =
        Run.open(
            new RunPlan(
                BreakSettings.SIMULATION,
                config.profile(),
                settings.sentence(),
                settings.mix().seed(),
                AuctionScene.withoutPasswords(config.asTexts()),
                List.of(),
                settings.thresholds(),
                RunPlan.bounds(config.validity()),
                settings.monitor(),
                settings.options()));
    try {
      return of(settings, run);
    } catch (StackFailure e) {
      run.processes().stop();
      throw e;
    }
  }

  private static BreakSetting of(BreakSettings settings, Run run) {
    AuctionScene scene =
        AuctionScene.prepare(
            run,
            settings.service(),
            settings.targets(),
            new AuctionScene.Wanted(
                settings.item(), settings.viewers(), !settings.warmup().isZero()));
    StepLoad load = new StepLoad(settings, scene.item(), run, System::nanoTime);
    BidReconciliation reconciliation =
        scene.reconciliation(load.bidding(Phase.MEASURE), settings.drainWithin());
    BreakAudit audit = new BreakAudit(load, reconciliation);
    return new BreakSetting(settings, run, load, audit, scene.targets());
  }
}

package simulations.auction;

import java.io.IOException;
import java.util.List;
import kpi.Phase;
import simulations.run.Run;
import simulations.run.RunPlan;
import simulations.run.SuiteConfig;
import stack.StackFailure;

/**
 * Everything that a run needs before its first user: settings, run folder, servers, targets, the
 * item, and those who watch it.
 *
 * @param settings as read
 * @param run opened, its targets ready
 * @param load shared by the users
 * @param audit reconciles at the end
 * @param targets that are bid on
 */
public record ContendSetting(
    ContendSettings settings, Run run, BidLoad load, ContendAudit audit, AuctionTargets targets) {
  /**
   * Reads the settings, makes the run folder, starts or reaches servers and targets, makes the
   * item.
   *
   * @throws settings.BadSettings with every wrong value, before anything is started
   * @throws StackFailure if a server or target cannot be had
   * @throws IOException if the run folder cannot be made
   */
  public static ContendSetting prepare() throws IOException {
    SuiteConfig config = SuiteConfig.of("contended-bids");
    ContendSettings settings = ContendSettings.read(config);
    Run run =
        Run.open(
            new RunPlan(
                ContendSettings.SIMULATION,
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

  private static ContendSetting of(ContendSettings settings, Run run) {
    ContendSettings.Plan plan = settings.plan();
    AuctionScene scene =
        AuctionScene.prepare(
            run,
            settings.service(),
            settings.targets(),
            new AuctionScene.Wanted(settings.item(), plan.viewers(), !plan.warmup().isZero()));
    BidLoad load = new BidLoad(settings, scene.item(), run, System::nanoTime);
    BidReconciliation reconciliation =
        scene.reconciliation(load.bidding(Phase.MEASURE), plan.drainWithin());
    ContendAudit audit = new ContendAudit(load, reconciliation);
    return new ContendSetting(settings, run, load, audit, scene.targets());
  }
}

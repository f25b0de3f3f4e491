package simulations.fanout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import simulations.auction.AuctionScene;
import simulations.auction.AuctionTargets;
import simulations.auction.ItemApi;
import simulations.run.Run;
import simulations.run.RunPlan;
import simulations.run.SuiteConfig;
import stack.StackFailure;

/**
 * Everything that a run needs before its first viewer: settings, run folder, servers, targets, the
 * items.
 *
 * @param settings as read
 * @param run opened, its targets ready
 * @param load shared by the viewers
 * @param audit reconciles at the end
 * @param targets that are watched
 */
public record FanOutSetting(
    FanOutSettings settings, Run run, FanOutLoad load, FanOutAudit audit, AuctionTargets targets) {
  /**
   * Reads the settings, makes the run folder, starts or reaches servers and targets, makes the
   * items.
   *
   * @throws settings.BadSettings with every wrong value, before anything is started
   * @throws StackFailure if a server or target cannot be had
   * @throws IOException if the run folder cannot be made
   */
  public static FanOutSetting prepare() throws IOException {
    SuiteConfig config = SuiteConfig.of("fan-out");
    FanOutSettings settings = FanOutSettings.read(config);
    Run run =
        Run.open(
            new RunPlan(
                FanOutSettings.SIMULATION,
                config.profile(),
                settings.sentence(),
                settings.seed(),
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

  private static FanOutSetting of(FanOutSettings settings, Run run) {
    AuctionTargets targets = AuctionTargets.prepare(run, settings.service(), settings.targets());
    ItemApi api = new ItemApi(targets.api());
    String name = AuctionScene.ownItem();
    List<String> items = new ArrayList<>(List.of(name + "-warm-up"));
    for (int step = 1; step <= settings.plan().viewers().size(); step++) {
      // An item for each step, so that none has viewers of the one before.
      items.add(settings.item().orElse(name + "-" + step));
    }
    items.forEach(api::make);
    FanOutLoad load = new FanOutLoad(settings, items, run, targets.api(), System::nanoTime);
    return new FanOutSetting(settings, run, load, new FanOutAudit(load), targets);
  }
}

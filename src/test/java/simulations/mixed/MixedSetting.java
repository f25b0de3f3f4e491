package simulations.mixed;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import simulations.auction.ArchivedBids;
import simulations.auction.AuctionScene;
import simulations.auction.AuctionStores;
import simulations.auction.AuctionTargets;
import simulations.auction.ItemApi;
import simulations.run.Run;
import simulations.run.RunPlan;
import simulations.run.SuiteConfig;
import stack.StackFailure;

/**
 * Everything that a run needs before its first user: settings, run folder, servers, targets, the
 * items.
 *
 * @param settings as read
 * @param run opened, its targets ready
 * @param load shared by the users
 * @param audit reconciles at the end
 * @param targets under load
 */
public record MixedSetting(
    MixedSettings settings, Run run, MixedLoad load, MixedAudit audit, AuctionTargets targets) {
  /**
   * Reads the settings, makes the run folder, starts or reaches servers and targets, makes the
   * items.
   *
   * @throws settings.BadSettings with every wrong value, before anything is started
   * @throws StackFailure if a server or target cannot be had
   * @throws IOException if the run folder cannot be made
   */
  public static MixedSetting prepare() throws IOException {
    SuiteConfig config = SuiteConfig.of("mixed-workload");
    MixedSettings settings = MixedSettings.read(config);
    Run run =
        Run.open(
            new RunPlan(
                MixedSettings.SIMULATION,
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

  private static MixedSetting of(MixedSettings settings, Run run) {
    AuctionTargets targets = AuctionTargets.prepare(run, settings.service(), settings.targets());
    ItemApi api = new ItemApi(targets.api());
    String name = AuctionScene.ownItem();
    List<String> names =
        IntStream.rangeClosed(1, settings.plan().items())
            .mapToObj(number -> name + "-" + number)
            .toList();
    boolean warmsUp = !settings.plan().warmup().isZero();
    for (String item : names) {
      api.make(item);
      if (warmsUp) {
        api.make(MixedLoad.warmUpItem(item));
      }
    }
    MixedLoad load = new MixedLoad(settings, names, run, api, System::nanoTime);
    Optional<ArchivedBids> archive =
        targets.stores().flatMap(AuctionStores::postgres).map(ArchivedBids::new);
    return new MixedSetting(settings, run, load, new MixedAudit(load, api, archive), targets);
  }
}

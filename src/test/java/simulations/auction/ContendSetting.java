package simulations.auction;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kpi.Phase;
import simulations.run.Run;
import simulations.run.RunPlan;
import simulations.run.SuiteConfig;
import stack.StackFailure;
import verdict.BidOperation.Unknown;

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
                withoutPasswords(config.asTexts()),
                List.of(),
                settings.thresholds(),
                RunPlan.bounds(config.validity()),
                settings.monitor(),
                settings.options()));
    try {
      return of(settings, run);
    } catch (StackFailure e) {
      run.stopTargets();
      throw e;
    }
  }

  private static ContendSetting of(ContendSettings settings, Run run) {
    AuctionTargets targets = AuctionTargets.prepare(run, settings.service(), settings.targets());
    String item = settings.item().orElseGet(ContendSetting::ownItem);
    ItemApi items = new ItemApi(targets.api());
    items.make(item);
    if (!settings.plan().warmup().isZero()) {
      items.make(BidLoad.warmUpItem(item));
    }
    BidLoad load = new BidLoad(settings, item, run, System::nanoTime);
    Bidding bidding = load.bidding(Phase.MEASURE);
    long fromCents = found(items, bidding);
    List<Viewer> viewers = viewers(settings, targets, item);
    BidReconciliation reconciliation =
        new BidReconciliation(
            new BidReconciliation.Subject(bidding, fromCents, BidLoad.warmUpItem(item)),
            items,
            targets,
            viewers,
            settings.plan().drainWithin());
    return new ContendSetting(settings, run, load, new ContendAudit(load, reconciliation), targets);
  }

  /** An item that has a price already begins with somebody's bid, whoever that was. */
  static long found(ItemApi items, Bidding bidding) {
    try {
      BidAnswer found = BidAnswer.read(items.read(bidding.item()).body());
      if (found.currentCents() > 0) {
        String name = found.bidder().orElse("somebody");
        bidding.history().add(new Unknown(Long.MIN_VALUE, name, found.currentCents()));
      }
      return Math.max(0, found.currentCents());
    } catch (IOException e) {
      throw new StackFailure("the item " + bidding.item() + " cannot be read: " + e, e);
    }
  }

  private static List<Viewer> viewers(
      ContendSettings settings, AuctionTargets targets, String item) {
    List<Viewer> viewers = new ArrayList<>();
    if (targets.socket().isPresent()) {
      HttpClient http = HttpClient.newHttpClient();
      for (int i = 0; i < settings.plan().viewers(); i++) {
        viewers.add(Viewer.watch(http, targets.viewers(item)));
      }
    }
    return viewers;
  }

  /** A name that no earlier run has used. */
  public static String ownItem() {
    return "load-" + Long.toString(Instant.now().toEpochMilli(), Character.MAX_RADIX);
  }

  /** What is written into the run's folder must not hold a password. */
  public static Map<String, String> withoutPasswords(Map<String, String> texts) {
    texts.replaceAll((name, text) -> text.replaceAll("//[^/@]*@", "//***@"));
    return texts;
  }
}

package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;

import kpi.Phase;
import simulations.auction.AuctionJourneys;
import simulations.auction.AuctionLoad;
import simulations.mixed.MixedAudit;
import simulations.mixed.MixedJourneys;
import simulations.mixed.MixedSettings;
import simulations.run.LoadSimulation;

/**
 * Goal: an auction of many items, of which few are popular, serves bidders, viewers and browsers at
 * once, and all of their answers and events fit together.
 *
 * <p>Method: bidders and viewers are drawn to one item each, browsers to another each time, by
 * Zipf's law. At the end each item's history is checked for linearizability, and compared with the
 * archive and with every viewer.
 */
public final class MixedWorkloadSimulation extends LoadSimulation {
  private final MixedSettings settings = read("mixed-workload", MixedSettings::read);
  private final AuctionLoad load = prepare(settings, AuctionLoad::new);

  {
    MixedJourneys measured = new MixedJourneys(settings, load, Phase.MEASURE);
    int users = settings.users().count();
    warmUp(new MixedJourneys(settings, load, Phase.WARM_UP).users(), users);
    measure(
        scenario("users")
            .exec(measured.users())
            .injectOpen(rampUsers(users).during(settings.users().rampup())));
    play(
        AuctionJourneys.protocol(load.targets.api()).wsBaseUrl(load.targets.socketBase()),
        load,
        new MixedAudit(load, settings.load().viewers(), false));
  }
}

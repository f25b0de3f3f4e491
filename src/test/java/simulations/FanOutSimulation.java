package simulations;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.OpenInjectionStep;
import simulations.fanout.FanOutAudit;
import simulations.fanout.FanOutLoad;
import simulations.fanout.FanOutSettings;
import simulations.fanout.Step;
import simulations.run.LoadSimulation;

/**
 * Goal: an accepted bid reaches every viewer, once, in order and soon, and twice as many viewers
 * take less than twice as long.
 *
 * <p>Method: viewers connect to one item and stay; when all are there, one bidder bids by an open
 * schedule. Each viewer's lag counts from the due time of the bid, first by bid and then over the
 * bids. With several numbers of viewers, one after the other, the growth of the lag is fitted.
 */
public final class FanOutSimulation extends LoadSimulation {
  private final FanOutSettings settings = read("fan-out", FanOutSettings::read);
  private final FanOutLoad load = prepare(settings, FanOutLoad::new);

  {
    load.warmUp().ifPresent(step -> warmUp(step.viewer(), arrivals(step)));
    for (Step step : load.steps()) {
      measure(scenario(step.plan().words()).exec(step.viewer()).injectOpen(arrivals(step)));
    }
    play(http.wsBaseUrl(load.targets().socketBase()).disableWarmUp(), load, new FanOutAudit(load));
  }

  private static OpenInjectionStep arrivals(Step step) {
    return rampUsers(step.plan().viewers()).during(step.plan().rampup());
  }
}

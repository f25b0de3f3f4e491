package simulations;

import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.http.HttpProtocolBuilder;
import simulations.fanout.FanOutJourneys;
import simulations.fanout.FanOutSetting;
import simulations.run.LoadSimulation;

/**
 * Goal: an accepted bid reaches everybody who watches, once, in order and soon, and twice as many
 * viewers take less than twice as long.
 *
 * <p>Method: viewers connect to one item and stay; when all are there, one bidder bids by an open
 * schedule. Each viewer's lag is taken from the moment at which the bid was meant to be sent, first
 * by bid and then over the bids. With several numbers of viewers, one after the other, the growth
 * of the lag is fitted.
 */
public final class FanOutSimulation extends LoadSimulation {
  private final FanOutSetting setting = orRefuse(FanOutSetting::prepare);

  private final HttpProtocolBuilder protocol =
      http.wsBaseUrl(setting.targets().socket().orElseThrow().toString().replaceFirst("/+$", ""))
          .disableWarmUp();

  {
    prepared(setting.run(), setting.audit());
    setUp(new FanOutJourneys(setting.load()).populations(judge()))
        .protocols(protocol)
        .assertions(verdictIsGood())
        .maxDuration(setting.settings().longest());
  }
}

package simulations;

import static io.gatling.javaapi.http.HttpDsl.*;

import simulations.relay.RelayAudit;
import simulations.relay.RelayJourneys;
import simulations.relay.RelayLoad;
import simulations.relay.RelaySettings;
import simulations.relay.RelayTargets;
import simulations.run.LoadSimulation;

/**
 * Goal: a relay from Redis over NATS to SSE delivers every token of every conversation, once, in
 * order and soon, and reports what it cannot deliver.
 *
 * <p>Method: tokens are published by an open schedule, independent of the tokens before; each is
 * timed from the moment at which it was due, hop by hop; published, passed on and received are
 * reconciled by sequence numbers. Some readers leave and resume, one reads nothing for a while, and
 * at last NATS is stopped.
 */
public final class TokenRelaySimulation extends LoadSimulation {
  private final RelaySettings settings = read("token-relay", RelaySettings::read);
  private final RelayTargets targets = prepare(settings, RelayTargets::prepare);
  private final RelayLoad load = new RelayLoad(settings, targets, run());

  {
    RelaySettings.Plan plan = settings.plan();
    RelayJourneys journeys = new RelayJourneys(load);
    warmUp(journeys.warmUp(), plan.conversations());
    measure(journeys.users());
    play(
        http.baseUrl(targets.url().toString()).disableWarmUp().acceptHeader("text/event-stream"),
        load,
        new RelayAudit(load, targets));
  }
}

package simulations.resilience;

import static io.gatling.javaapi.http.HttpDsl.*;

import faults.ClockStep;
import faults.FaultRun;
import faults.FaultRun.Moment;
import java.util.Set;
import kpi.Kpi;
import simulations.relay.RelayAudit;
import simulations.relay.RelayJourneys;
import simulations.relay.RelayLoad;
import simulations.relay.RelaySettings;
import simulations.relay.RelayTargets;
import simulations.run.Checks;
import simulations.run.Run;
import verdict.Numbers;

/**
 * The token relay: durable delivery loses nothing, for readers that are cut off resume; core
 * delivery is at most once, and what it loses is counted.
 */
record RelaySystem(RelaySettings settings, RelayTargets targets, RelayLoad load, RelayAudit own)
    implements FaultedSystem {
  static RelaySystem start(RelaySettings settings, Run run) {
    RelayTargets targets = RelayTargets.prepare(settings, run);
    RelayLoad load = new RelayLoad(settings, targets, run);
    return new RelaySystem(settings, targets, load, new RelayAudit(load, targets));
  }

  @Override
  public Played play() {
    RelayJourneys journeys = new RelayJourneys(load);
    return new Played(
        http.baseUrl(targets.url().toString()).disableWarmUp().acceptHeader("text/event-stream"),
        journeys.users(),
        journeys.warmUp(),
        settings.plan().conversations());
  }

  @Override
  public Service service() {
    return new Service(
        "conversations",
        Set.of(Kpi.TTFT),
        Set.of(),
        Set.of(Kpi.DELIVERY_LAG),
        Set.of(),
        // A conversation needs a node of a cluster until another has taken its place.
        Set.of(
            "adapter",
            "bridge",
            "redis",
            "nats",
            "nats-2",
            "nats-3",
            "nats-leaf",
            "users-adapter",
            "bridge-redis"),
        Set.of());
  }

  @Override
  public void observe(FaultRun.Event event) {
    Moment moment = event.moment();
    boolean begins = moment == Moment.STRUCK;
    if (event.strike().what() instanceof ClockStep && (begins || moment == Moment.HEALED)) {
      load.clockStepped(begins, event.atNs());
    }
  }

  @Override
  public void settle() {
    own.settle();
  }

  @Override
  public void check(Checks checks) {
    String unfinished = "ended without the message that ends a conversation";
    boolean durable = settings.isDurable();
    String lost =
        "Core delivery is at most once: of %s published tokens %s were lost; Redis did not take %s."
            .formatted(
                Numbers.count(checks.count("tokens_published")),
                Numbers.count(checks.count("tokens_lost")),
                Numbers.count(checks.count("tokens_refused")));
    checks.of("no_token_lost").needs(durable, lost).none("tokens_lost", "tokens", "never came");
    checks
        .of("tokens_accepted")
        .needs(durable, lost)
        .none("tokens_refused", "tokens", "were refused by Redis");
    checks
        .of("streams_terminated")
        .needs(durable, lost)
        .none("streams_unterminated", "streams", unfinished);
    checks.tokensRight(true, "", true);
  }
}

package simulations.resilience;

import static io.gatling.javaapi.http.HttpDsl.*;

import java.util.Map;
import java.util.Set;
import kpi.Kpi;
import kpi.Phase;
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
final class RelaySystem implements FaultedSystem {
  private final RelaySettings settings;
  private final RelayTargets targets;
  private final RelayLoad load;
  private final RelayAudit own;
  private final Run run;

  RelaySystem(RelaySettings settings, Run run) {
    this.settings = settings;
    this.run = run;
    this.targets = RelayTargets.prepare(settings, run);
    this.load = new RelayLoad(settings, targets, run);
    this.own = new RelayAudit(load, targets);
  }

  @Override
  public RelayLoad load() {
    return load;
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
  public void settle() {
    own.settle();
  }

  @Override
  public void check(Checks checks) {
    Map<String, Long> counted = run.recording(Phase.MEASURE).tally().counters();
    String unfinished = "ended without the message that ends a conversation";
    boolean durable = settings.isDurable();
    String lost =
        "Core delivery is at most once: of %s published tokens %s were lost; Redis did not take %s."
            .formatted(
                Numbers.count(counted.getOrDefault("tokens_published", 0L)),
                Numbers.count(counted.getOrDefault("tokens_lost", 0L)),
                Numbers.count(counted.getOrDefault("tokens_refused", 0L)));
    checks
        .of("no_token_lost")
        .needs(durable, lost)
        .none(counted, "tokens_lost", "tokens", "never came");
    checks
        .of("tokens_accepted")
        .needs(durable, lost)
        .none(counted, "tokens_refused", "tokens", "were refused by Redis");
    checks
        .of("streams_terminated")
        .needs(durable, lost)
        .none(counted, "streams_unterminated", "streams", unfinished);
    checks.tokensRight(counted, true, "", true);
  }
}

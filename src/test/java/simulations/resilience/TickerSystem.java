package simulations.resilience;

import static io.gatling.javaapi.http.HttpDsl.*;

import faults.FaultRun;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import kpi.Kpi;
import simulations.run.Checks;
import simulations.run.Run;
import simulations.ticker.TickerAudit;
import simulations.ticker.TickerJourneys;
import simulations.ticker.TickerLoad;
import simulations.ticker.TickerSettings;
import simulations.ticker.TickerTargets;
import verdict.Numbers;

/**
 * The ticker: subscribers that are cut off connect again, and receive each feed to its end.
 *
 * @param throughNats whether the plan strikes NATS or the way to it
 */
record TickerSystem(
    TickerSettings settings,
    TickerTargets targets,
    TickerLoad load,
    TickerAudit own,
    boolean throughNats)
    implements FaultedSystem {
  /** Publisher and ticker connect to NATS again, each in its own time. */
  private static final long RECONNECT_NS = 2_000_000_000;

  static TickerSystem start(TickerSettings settings, Run run, boolean throughNats) {
    TickerTargets targets = TickerTargets.prepare(settings, run);
    TickerLoad load = new TickerLoad(settings, targets, run);
    return new TickerSystem(settings, targets, load, new TickerAudit(load, targets), throughNats);
  }

  @Override
  public Played play() {
    TickerJourneys journeys = new TickerJourneys(load, 0);
    return new Played(
        http.disableWarmUp(),
        journeys.users(Duration.ZERO),
        journeys.warmUp(),
        settings.stages().get(0).users().connections());
  }

  @Override
  public Service service() {
    return new Service(
        "pings",
        Set.of(Kpi.RTT),
        Set.of(Kpi.RTT),
        Set.of(Kpi.DELIVERY_LAG),
        Set.of(),
        Set.of("ticker", "users-ticker"),
        Set.of());
  }

  @Override
  public void observe(FaultRun.Event event) {
    if (throughNats && event.moment() == FaultRun.Moment.HEALED) {
      targets.excuseUntil(event.atNs() + RECONNECT_NS);
    }
  }

  @Override
  public void settle() {
    own.settle();
  }

  @Override
  public void check(Checks checks) {
    long lost = checks.count("broadcasts_lost");
    String atMostOnce =
        "NATS delivers at most once: " + Numbers.count(lost) + " broadcasts were lost.";
    checks.broadcasts(
        throughNats ? Optional.of(atMostOnce) : Optional.empty(),
        "the end of each feed, on sockets that were open");
    checks
        .of("pings_answered")
        .none("pings_unanswered", "pings", "had no pong on a socket that was open");
    checks
        .of("feeds_current")
        .none("feeds_stopped", "feeds of sockets", "stopped before their end");
  }
}

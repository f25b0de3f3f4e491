package simulations.mixed;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.WsFrameCheck;
import java.time.Duration;
import kpi.Outcome;
import kpi.Phase;
import simulations.auction.BidRequests;
import simulations.mixed.MixedPhase.Role;
import simulations.mixed.MixedPhase.User;
import simulations.run.GatlingRecords;
import simulations.run.WsEnd;

/** What the users of the mixed workload do, each by its role. */
public final class MixedJourneys {
  private static final String USER = "user";
  private static final String BROWSER = "browser";
  private static final String WATCHER = "watcher";
  private static final String INTENDED = "intendedNs";
  private static final String UNTIL = "untilNs";
  private static final String SOCKET = "socket";
  private static final String GROUP = "metrics";

  private final MixedLoad load;
  private final BidRequests requests;

  /**
   * @param load that the users share
   */
  public MixedJourneys(MixedLoad load) {
    this.load = load;
    this.requests = new BidRequests(load.settings().plan().timeout());
  }

  /** Users like those measured, on items of their own; cut from every figure. */
  public ScenarioBuilder warmUp() {
    Duration stays = load.settings().plan().warmup();
    return scenario("warm-up")
        .exec(
            session -> {
              load.run().beginWarmUp();
              return come(session, Phase.WARM_UP, load.nanos())
                  .set(UNTIL, load.nanos() + stays.toNanos());
            })
        .exec(
            roles(
                "warm-up ",
                Phase.WARM_UP,
                session -> load.nanos() < session.getLong(UNTIL) && load.goesOn()));
  }

  /** The users. */
  public ScenarioBuilder users() {
    return scenario("users")
        .exec(session -> come(session, Phase.MEASURE, load.arrivals().arrive()))
        .exec(roles("", Phase.MEASURE, session -> load.arrivals().wantsMore()));
  }

  /** Decides whether a user goes on. */
  private interface Stay {
    boolean asks(Session session);
  }

  private Session come(Session session, Phase phase, long intendedNs) {
    return session.set(USER, load.of(phase).next()).set(INTENDED, intendedNs);
  }

  private ChainBuilder roles(String prefix, Phase phase, Stay stay) {
    return doIf(session -> user(session).role() == Role.BIDDER)
        .then(bids(prefix, phase, stay))
        .doIf(session -> user(session).role() == Role.BROWSER)
        .then(browses(prefix, phase, stay))
        .doIf(session -> user(session).role() == Role.VIEWER)
        .then(watches(prefix, phase));
  }

  private ChainBuilder bids(String prefix, Phase phase, Stay stay) {
    Duration think = load.settings().plan().think();
    return exec(session -> session.set(BidRequests.BIDDER, user(session).item().bidding().bidder()))
        .asLongAs(stay::asks)
        .on(
            exec(requests.round(prefix + "price", prefix + "bid")),
            pause(session -> MixedPhase.around(think, user(session).random())))
        .exec(
            session -> {
              end(phase, BidRequests.bidder(session).outcome());
              if (load.of(phase).bidderLeft() && phase == Phase.MEASURE) {
                load.close();
              }
              return session;
            });
  }

  private ChainBuilder browses(String prefix, Phase phase, Stay stay) {
    Duration mean = load.settings().plan().browse();
    return exec(session -> session.set(BROWSER, load.of(phase).browser(user(session))))
        .asLongAs(stay::asks)
        .on(
            exec(look(prefix + "look", phase)),
            exec(
                session -> {
                  browser(session).endLook();
                  return session.markAsSucceeded();
                }),
            pause(session -> MixedPhase.around(mean, user(session).random())))
        .exec(
            session -> {
              end(phase, browser(session).outcome());
              return session;
            });
  }

  private ActionBuilder look(String name, Phase phase) {
    return http(name)
        .get(session -> browser(session).looksAt(load.of(phase).draw(user(session).random())))
        .requestTimeout(load.settings().plan().timeout())
        .transformResponse(
            (response, session) -> {
              browser(session).told(response.status().code(), response.body().bytes());
              return response;
            })
        .check(status().is(200));
  }

  private ChainBuilder watches(String prefix, Phase phase) {
    return exec(session ->
            session.set(WATCHER, load.of(phase).watcher(user(session), session.getLong(INTENDED))))
        .exec(watch(prefix + "viewer connect", phase))
        .exec(Session::markAsSucceeded)
        .exec(
            group(GROUP)
                .on(exec(GatlingRecords.action((sink, session) -> leaves(sink, session, phase)))))
        .doIf(session -> WsEnd.isOpen(session, SOCKET))
        .then(exec(ws(prefix + "viewer close").wsName(SOCKET).close()));
  }

  /** Sees every frame from the handshake on; that the time is up is no failure. */
  private ActionBuilder watch(String name, Phase phase) {
    return ws(name)
        .wsName(SOCKET)
        .connect(session -> "/ws/items/" + user(session).item().name())
        .await(session -> patience(phase))
        .on(everything());
  }

  private Duration patience(Phase phase) {
    MixedSettings.Plan plan = load.settings().plan();
    return phase == Phase.MEASURE
        ? plan.rampup().plus(plan.runTime()).plus(plan.timeout()).plus(plan.drainWithin())
        : plan.warmup();
  }

  private static WsFrameCheck.Text everything() {
    return ws.checkTextMessage("frames")
        .matching(
            bodyString()
                .transformWithSession(
                    (String text, Session session) -> watcher(session).onFrame(text).isOver())
                .is(true))
        .silent();
  }

  private Session leaves(GatlingRecords.Sink sink, Session session, Phase phase) {
    Watcher watcher = watcher(session);
    boolean open = WsEnd.isOpen(session, SOCKET);
    Outcome failure =
        open ? null : WsEnd.lost(session, SOCKET, WsEnd.NO_FRAME, watcher.isConnected()).outcome();
    Outcome outcome = watcher.finish(failure);
    end(phase, outcome);
    if (phase == Phase.MEASURE) {
      boolean ok = outcome == Outcome.OK;
      sink.log(session, "longest lag", watcher.longestMs(), ok ? null : outcome.counter());
    }
    return session.markAsSucceeded();
  }

  private void end(Phase phase, Outcome outcome) {
    load.of(phase).books().tally().end(outcome, load.nanos());
  }

  private static User user(Session session) {
    return session.get(USER);
  }

  private static Browser browser(Session session) {
    return session.get(BROWSER);
  }

  private static Watcher watcher(Session session) {
    return session.get(WATCHER);
  }
}

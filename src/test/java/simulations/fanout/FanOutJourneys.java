package simulations.fanout;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.WsFrameCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kpi.Outcome;
import kpi.Phase;
import simulations.run.GatlingRecords;
import simulations.run.WsEnd;

/** What viewers do: connect, see every frame, and leave when the last bid has come. */
public final class FanOutJourneys {
  private static final String SOCKET = "socket";
  private static final String VIEWER = "viewer";
  private static final String GROUP = "metrics";

  private final FanOutLoad load;

  /**
   * @param load that the viewers share
   */
  public FanOutJourneys(FanOutLoad load) {
    this.load = load;
  }

  /**
   * The warm-up, if there is one, then each step when the one before has ended, then the judge.
   *
   * @param judge comes last
   */
  public PopulationBuilder populations(PopulationBuilder judge) {
    List<Step> steps = new ArrayList<>(load.steps());
    if (!load.settings().plan().warmup().isZero()) {
      steps.add(0, load.warmUp());
    }
    Collections.reverse(steps);
    PopulationBuilder next = judge;
    for (Step step : steps) {
      Step.Plan plan = step.plan();
      next =
          viewers(step).injectOpen(rampUsers(plan.viewers()).during(plan.rampup())).andThen(next);
    }
    return next;
  }

  private ScenarioBuilder viewers(Step step) {
    String name = step.plan().phase() == Phase.WARM_UP ? "warm-up viewer" : "viewer";
    return scenario(step.plan().words())
        .exec(session -> session.set(VIEWER, load.arrive(step)))
        .exec(watch(name + " connect", step))
        .exec(Session::markAsSucceeded)
        .exec(
            group(GROUP)
                .on(exec(GatlingRecords.action((sink, session) -> end(sink, session, step)))))
        .doIf(session -> WsEnd.isOpen(session, SOCKET))
        .then(exec(ws(name + " close").wsName(SOCKET).close()));
  }

  /** Sees every frame from the handshake on; that the time is up is no failure. */
  private ActionBuilder watch(String name, Step step) {
    return ws(name)
        .wsName(SOCKET)
        .connect("/ws/items/" + step.plan().item())
        .await(session -> load.patience(step))
        .on(everything());
  }

  private static WsFrameCheck.Text everything() {
    return ws.checkTextMessage("frames")
        .matching(
            bodyString()
                .transformWithSession(
                    (String text, Session session) -> viewer(session).onFrame(text).isOver())
                .is(true))
        .silent();
  }

  private Session end(GatlingRecords.Sink sink, Session session, Step step) {
    FanOutViewer viewer = viewer(session);
    boolean open = WsEnd.isOpen(session, SOCKET);
    Outcome failure =
        open ? null : WsEnd.lost(session, SOCKET, WsEnd.NO_FRAME, viewer.isConnected()).outcome();
    Outcome outcome = viewer.finish(failure);
    if (step.plan().phase() == Phase.MEASURE) {
      boolean ok = outcome == Outcome.OK;
      sink.log(session, "longest lag", viewer.longestMs(), ok ? null : outcome.counter());
    }
    return session.markAsSucceeded();
  }

  private static FanOutViewer viewer(Session session) {
    return session.get(VIEWER);
  }
}

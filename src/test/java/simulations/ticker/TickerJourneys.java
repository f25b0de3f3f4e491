package simulations.ticker;

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
import simulations.run.GatlingRecords;
import simulations.run.Run;
import simulations.run.WsEnd;

/** What the users of the ticker do: connect, ping by a schedule, see every frame, close. */
public final class TickerJourneys {
  private static final String SOCKET = "socket";
  private static final String RECORDER = "recorder";
  private static final String TOKEN = "token";
  private static final String DUE = "dueNs";
  private static final String PING = "ping";
  private static final String GROUP = "metrics";
  private static final Duration AT_LEAST = Duration.ofMillis(1);

  private final TickerLoad load;
  private final StageLoad stage;
  private final String path;
  private final Runnable beside;
  private final long frequencyNs;

  /**
   * @param load that all users share
   * @param stage theirs
   * @param path of the socket, such as /ws
   * @param beside begins what goes on beside the users; called by each
   */
  public TickerJourneys(TickerLoad load, StageLoad stage, String path, Runnable beside) {
    this.load = load;
    this.stage = stage;
    this.path = path;
    this.beside = beside;
    this.frequencyNs = stage.stage().frequency().toNanos();
  }

  /** Sockets like those measured, cut from every figure; each stays for the warm-up's length. */
  public ScenarioBuilder warmUp(Run run) {
    long staysNs = load.settings().plan().warmup().toNanos();
    return scenario("warm-up")
        .exec(
            session -> {
              run.beginWarmUp();
              long nowNs = load.nanos();
              return prepared(session, load.warmUpSocket(nowNs)).set("untilNs", nowNs + staysNs);
            })
        .exec(
            socket(
                "warm-up",
                Phase.WARM_UP,
                session -> load.nanos() < session.getLong("untilNs") && load.goesOn()));
  }

  /** The users. */
  public ScenarioBuilder users() {
    String of = stage.stage().name().isEmpty() ? "" : " " + stage.stage().name();
    return scenario("sockets" + of)
        .exec(
            session -> {
              long intendedNs = stage.arrivals().arrive();
              beside.run();
              return prepared(session, stage.socket(intendedNs));
            })
        .exec(socket("socket" + of, Phase.MEASURE, session -> stage.arrivals().wantsMore()));
  }

  private Session prepared(Session session, SocketRecorder recorder) {
    return session.set(TOKEN, "Bearer " + load.nextToken()).set(RECORDER, recorder);
  }

  /** Decides whether a user stays. */
  private interface Stay {
    boolean asks(Session session);
  }

  private ChainBuilder socket(String name, Phase phase, Stay stay) {
    return exec(connect(name + " connect"))
        .doIf(session -> !session.isFailed())
        .then(
            exec(this::connected),
            asLongAs(session -> stay.asks(session) && WsEnd.isOpen(session, SOCKET))
                .on(
                    exec(this::due),
                    exec(ping(name + " ping sent")),
                    exec(Session::markAsSucceeded)),
            doIf(session -> WsEnd.isOpen(session, SOCKET)).then(exec(lastPongs(name))),
            exec(Session::markAsSucceeded))
        .exec(
            group(GROUP)
                .on(exec(GatlingRecords.action((sink, session) -> finish(sink, session, phase)))))
        .doIf(session -> WsEnd.isOpen(session, SOCKET))
        .then(exec(ws(name + " close").wsName(SOCKET).close()));
  }

  private ActionBuilder connect(String name) {
    return ws(name)
        .wsName(SOCKET)
        .connect(path)
        .header("Authorization", session -> session.getString(TOKEN));
  }

  private Session connected(Session session) {
    SocketRecorder recorder = recorder(session);
    recorder.onConnected();
    WsEnd.watch(session, SOCKET, recorder::onClosed);
    return session.set(DUE, load.nanos() - frequencyNs).remove(TOKEN);
  }

  private Session due(Session session) {
    long dueNs = session.getLong(DUE) + frequencyNs;
    String timestamp = recorder(session).ping(dueNs);
    return session
        .set(DUE, dueNs)
        .set(PING, "{\"type\":\"ping\",\"timestamp\":" + timestamp + ",\"clientId\":\"gauntlet\"}");
  }

  /** Sends a ping and reads until the next one is due; that the time is up is no failure. */
  private ActionBuilder ping(String name) {
    return ws(name)
        .wsName(SOCKET)
        .sendText(session -> session.getString(PING))
        .await(this::untilNext)
        .on(everything());
  }

  private Duration untilNext(Session session) {
    long leftNs = session.getLong(DUE) + frequencyNs - load.nanos();
    Duration left = Duration.ofNanos(leftNs);
    return left.compareTo(AT_LEAST) < 0 ? AT_LEAST : left;
  }

  /** A pong that is under way when the user is about to leave still counts. */
  private ActionBuilder lastPongs(String name) {
    return ws(name + " last ping sent")
        .wsName(SOCKET)
        .sendText(
            session ->
                "{\"type\":\"ping\",\"timestamp\":"
                    + recorder(session).ping(load.nanos())
                    + ",\"clientId\":\"gauntlet\"}")
        .await(load.settings().plan().timeout())
        .on(
            ws.checkTextMessage("last pong")
                .matching(
                    bodyString()
                        .transformWithSession(
                            (String text, Session session) ->
                                recorder(session).onFrame(text).isAnswered())
                        .is(true))
                .silent());
  }

  private static WsFrameCheck.Text everything() {
    return ws.checkTextMessage("frames")
        .matching(
            bodyString()
                .transformWithSession(
                    (String text, Session session) -> recorder(session).onFrame(text).isOver())
                .is(true))
        .silent();
  }

  private Session finish(GatlingRecords.Sink sink, Session session, Phase phase) {
    SocketRecorder recorder = recorder(session);
    boolean open = WsEnd.isOpen(session, SOCKET);
    WsEnd.Lost lost =
        open ? null : WsEnd.lost(session, SOCKET, recorder.closedBy(), recorder.isConnected());
    Outcome outcome = recorder.finish(lost);
    if (phase == Phase.MEASURE) {
      String why = lost == null ? outcome.counter() : lost.by().words();
      boolean ok = outcome == Outcome.OK;
      sink.log(session, "longest round trip", recorder.rttMaxMs(), ok ? null : why);
    }
    return session.markAsSucceeded();
  }

  private static SocketRecorder recorder(Session session) {
    return session.get(RECORDER);
  }
}

package simulations.ticker;

import static io.gatling.javaapi.core.CoreDsl.*;
import static simulations.ticker.TickerRequests.SOCKET;
import static simulations.ticker.TickerRequests.TOKEN;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.function.Predicate;
import kpi.Outcome;
import simulations.run.GatlingRecords;
import simulations.run.WsEnd;

/** The journeys of the ticker's users: connect, ping by a schedule, see every frame, close. */
public final class TickerJourneys {
  private static final String RECORDER = "recorder";
  private static final String DUE = "dueNs";
  private static final String UNTIL = "untilNs";
  private static final String GROUP = "metrics";
  private static final Duration AT_LEAST = Duration.ofMillis(1);

  private final TickerLoad load;
  private final StageLoad stage;
  private final long frequencyNs;

  /** Of the users of a stage; the first one is 0. */
  public TickerJourneys(TickerLoad load, int number) {
    this.load = load;
    this.stage = load.stage(number);
    this.frequencyNs = stage.stage().frequency().toNanos();
  }

  /** Sockets like those measured, cut from every figure; each stays for the warm-up's length. */
  public ChainBuilder warmUp() {
    long staysNs = load.settings().common().warmup().toNanos();
    return exec(session -> {
          long nowNs = nowNs();
          return prepared(session, new TickerRecorder(load.warmUp(), nowNs))
              .set(UNTIL, nowNs + staysNs);
        })
        .exec(
            socket("warm-up", session -> nowNs() < session.getLong(UNTIL) && load.goesOn()),
            exec(session -> finish(session, (outcome, lost) -> {})),
            close("warm-up"));
  }

  /** The users, who arrive a while after those of the stage before have left. */
  public PopulationBuilder users(Duration after) {
    TickerStage plan = stage.stage();
    String of = plan.name().isEmpty() ? "" : " " + plan.name();
    String name = "socket" + of;
    return scenario("sockets" + of)
        .exec(
            session -> {
              long intendedNs = stage.arrivals().arrive();
              load.targets().intruders().ifPresent(TickerTargets.Intruders::begin);
              return prepared(session, new TickerRecorder(stage.sockets(), intendedNs));
            })
        .exec(socket(name, session -> stage.arrivals().wantsMore()))
        .exec(group(GROUP).on(exec(GatlingRecords.action(TickerJourneys::measured))))
        .exec(close(name))
        .injectOpen(nothingFor(after), rampUsers(plan.connections()).during(plan.rampup()));
  }

  private Session prepared(Session session, TickerRecorder recorder) {
    return session.set(TOKEN, "Bearer " + load.nextToken()).set(RECORDER, recorder);
  }

  private ChainBuilder socket(String name, Predicate<Session> stays) {
    TickerRequests requests = requests(name);
    return exec(requests.connect())
        .doIf(session -> !session.isFailed())
        .then(
            exec(this::connected),
            asLongAs(session -> stays.test(session) && isOpen(session))
                .on(
                    exec(session -> session.set(DUE, session.getLong(DUE) + frequencyNs)),
                    exec(
                        requests.ping(
                            session -> recorder(session).ping(session.getLong(DUE)),
                            this::untilNext,
                            (text, session) -> recorder(session).onFrame(text).isOver())),
                    exec(Session::markAsSucceeded)),
            // A pong that is under way when the user is about to leave still counts.
            doIf(TickerJourneys::isOpen)
                .then(
                    exec(
                        requests.lastPing(
                            session -> recorder(session).ping(nowNs()),
                            load.settings().timeout(),
                            (text, session) -> recorder(session).onFrame(text).isAnswered()))),
            exec(Session::markAsSucceeded));
  }

  private ChainBuilder close(String name) {
    return doIf(TickerJourneys::isOpen).then(exec(requests(name).close()));
  }

  private TickerRequests requests(String name) {
    return new TickerRequests(name, load.targets().socket().getPath());
  }

  private Session connected(Session session) {
    TickerRecorder recorder = recorder(session);
    recorder.onConnected();
    WsEnd.watch(session, SOCKET, recorder::onClosed);
    return session.set(DUE, nowNs() - frequencyNs).remove(TOKEN);
  }

  private Duration untilNext(Session session) {
    Duration left = Duration.ofNanos(session.getLong(DUE) + frequencyNs - nowNs());
    return left.compareTo(AT_LEAST) < 0 ? AT_LEAST : left;
  }

  private static Session measured(GatlingRecords.Sink sink, Session session) {
    return finish(
        session,
        (outcome, lost) -> {
          String why = lost == null ? outcome.counter() : lost.by().words();
          boolean ok = outcome == Outcome.OK;
          double ms = recorder(session).rttMaxMs();
          sink.log(session, "longest round trip", ms, ok ? null : why);
        });
  }

  private interface Ended {
    void as(Outcome outcome, WsEnd.Lost lost);
  }

  private static Session finish(Session session, Ended ended) {
    TickerRecorder recorder = recorder(session);
    WsEnd.Lost lost =
        isOpen(session)
            ? null
            : WsEnd.lost(session, SOCKET, recorder.closedBy(), recorder.isConnected());
    ended.as(recorder.finish(lost), lost);
    return session.markAsSucceeded();
  }

  private long nowNs() {
    return load.recording().nowNs();
  }

  private static boolean isOpen(Session session) {
    return WsEnd.isOpen(session, SOCKET);
  }

  private static TickerRecorder recorder(Session session) {
    return session.get(RECORDER);
  }
}

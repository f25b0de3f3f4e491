package simulations.ticker;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;
import static simulations.run.GatlingRecords.doing;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.WsFrameCheck;
import io.gatling.javaapi.http.WsSendTextActionBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import kpi.Outcome;
import simulations.run.GatlingRecords;
import simulations.run.OpenSchedule;
import simulations.run.Seat;
import simulations.run.WsEnd;
import simulations.ticker.TickerLoad.StageLoad;
import simulations.ticker.TickerSettings.Credential;

/**
 * The journeys of the ticker's users: connect, ping by a schedule, see every frame, close. Request
 * names are an API: no values in them but the stage.
 */
public final class TickerJourneys {
  /** Ends the name of the request of a socket. */
  static final String CONNECT = " connect";

  private static final String SOCKET = "socket";
  private static final String TOKEN = "token";
  private static final String RECORDER = "recorder";
  private static final String INTENDED = "intendedNs";
  private static final Duration AT_LEAST = Duration.ofMillis(1);
  private static final String HELLO = "hello";
  private static final Duration HELLO_BOUND = Duration.ofSeconds(1);
  private static final String PING_DUE = "pingDueNs";
  private static final String UNTIL = "untilNs";

  private final TickerLoad load;
  private final StageLoad stage;
  private final long frequencyNs;

  /** Of the users of a stage; the first one is 0. */
  public TickerJourneys(TickerLoad load, int number) {
    this.load = load;
    this.stage = load.stages.get(number);
    this.frequencyNs = stage.stage().users().frequency().toNanos();
  }

  static String socket(StageLoad of) {
    return ("socket " + of.stage().name()).stripTrailing();
  }

  /** Sockets like those measured, cut from every figure; each stays for the warm-up's length. */
  public ChainBuilder warmUp() {
    long staysNs = load.settings.common().warmup().toNanos();
    return exec(session -> {
          long nowNs = nowNs();
          return prepared(session, load.nextToken(), new TickerRecorder(load.warmUp))
              .set(UNTIL, nowNs + staysNs);
        })
        .exec(
            socket("warm-up", session -> nowNs() < session.getLong(UNTIL) && load.run.goesOn()),
            exec(doing(session -> recorder(session).finish(lost(session)))),
            exec(Session::markAsSucceeded),
            close("warm-up"));
  }

  /** The users, who arrive a while after those of the stage before have left. */
  public PopulationBuilder users(Duration after) {
    String name = socket(stage);
    ChainBuilder connection =
        exec(session ->
                prepared(session, load.nextToken(stage), new TickerRecorder(stage.sockets())))
            .exec(socket(name, session -> stage.arrivals().wantsMore()))
            .exec(GatlingRecords.metrics(this::measured))
            .exec(close(name));
    return scenario(name + "s")
        .exec(stage.arrivals().arrive(INTENDED))
        .exec(doing(session -> load.targets.intruders().ifPresent(others -> others.work().begin())))
        .exec(connection)
        .asLongAs(session -> isCutOff(session) && stage.arrivals().wantsMore())
        .on(
            pause(session -> Seat.of(session).orElseThrow().waits()),
            exec(session -> session.remove(SOCKET)),
            connection)
        .injectOpen(nothingFor(after), stage.arrivals().injection());
  }

  /** Returns true for a user that lost its socket, if it is one that connects again. */
  private static boolean isCutOff(Session session) {
    return Seat.of(session).filter(Seat::isCutOff).isPresent();
  }

  private static Session prepared(Session session, String token, TickerRecorder recorder) {
    return session.set(TOKEN, token).set(RECORDER, recorder);
  }

  private ChainBuilder socket(String name, Predicate<Session> stays) {
    return exec(connect(name))
        .doIf(session -> !session.isFailed())
        .then(
            exec(this::connected),
            foreach(this::hello, HELLO).on(exec(hello(name + " hello")), exec(this::greeted)),
            exec(this::begun),
            asLongAs(session -> stays.test(session) && isOpen(session))
                .on(
                    exec(session -> session.set(PING_DUE, session.getLong(PING_DUE) + frequencyNs)),
                    // Every frame until the next ping is due; that the time is up is no failure.
                    exec(
                        ping(name + " ping sent", session -> session.getLong(PING_DUE))
                            .await(this::untilNext)
                            .on(frames("frames", recorder -> false))),
                    exec(Session::markAsSucceeded)),
            // Pongs and broadcasts that are under way when the user is about to leave still count.
            doIf(TickerJourneys::isOpen)
                .then(
                    exec(doing(session -> recorder(session).onLeave())),
                    exec(
                        ping(name + " last ping sent", session -> nowNs())
                            .await(load.settings.plan().timeout())
                            .on(frames("last frames", TickerRecorder::isComplete)))),
            exec(Session::markAsSucceeded));
  }

  private ActionBuilder connect(String name) {
    Credential credential = load.settings.service().credential();
    URI socket = load.targets.socket();
    Function<Session, String> token = session -> session.getString(TOKEN);
    var request =
        ws(name + CONNECT)
            .wsName(SOCKET)
            .connect(session -> credential.url(socket, token.apply(session)));
    return switch (credential.place()) {
      case QUERY -> request;
      case SUBPROTOCOL -> request.subprotocol(session -> credential.value(token.apply(session)));
      case HEADER ->
          load.settings.common().access().names(credential.name())
              ? request
              : request.header(
                  credential.name(), session -> credential.value(token.apply(session)));
    };
  }

  private static WsSendTextActionBuilder ping(String name, ToLongFunction<Session> dueNs) {
    Function<Session, String> message =
        session -> recorder(session).ping(dueNs.applyAsLong(session));
    return ws(name).wsName(SOCKET).sendText(message);
  }

  private List<Messages.Hello> hello(Session session) {
    return load.warmUp.messages().hello(session.getString(TOKEN));
  }

  /** Sends a frame of the hello and waits for its answer; not every service has one. */
  private ActionBuilder hello(String name) {
    BiPredicate<String, Session> isAnswered =
        (text, session) -> {
          recorder(session).onFrame(text);
          Messages.Hello hello = session.get(HELLO);
          boolean isAnswer = text.contains(hello.answer());
          hello.answered().compareAndSet(false, isAnswer);
          return isAnswer;
        };
    return ws(name)
        .wsName(SOCKET)
        .sendText(session -> session.<Messages.Hello>get(HELLO).text())
        .await(
            session ->
                session.<Messages.Hello>get(HELLO).answer().isEmpty()
                    ? HELLO_BOUND
                    : load.settings.plan().timeout())
        .on(WsEnd.frames("hello", isAnswered));
  }

  private Session greeted(Session session) {
    if (!session.<Messages.Hello>get(HELLO).answered().get() && isOpen(session)) {
      recorder(session).onUnanswered();
    }
    return session.markAsSucceeded();
  }

  private static WsFrameCheck.Text frames(String check, Predicate<TickerRecorder> last) {
    return WsEnd.frames(
        check,
        (text, session) -> {
          TickerRecorder recorder = recorder(session);
          recorder.onFrame(text);
          return last.test(recorder);
        });
  }

  private static ChainBuilder close(String name) {
    return doIf(TickerJourneys::isOpen).then(exec(ws(name + " close").wsName(SOCKET).close()));
  }

  private Session connected(Session session) {
    TickerRecorder recorder = recorder(session);
    recorder.onConnected();
    WsEnd.watch(session, SOCKET, code -> recorder.closedBy = code);
    if (load.settings.messages().heartbeat().isPresent()) {
      WsEnd.answer(session, SOCKET, load.warmUp.messages()::answer);
    }
    return session;
  }

  private Session begun(Session session) {
    if (load.settings.messages().isFrame()) {
      WsEnd.sendPings(session, SOCKET);
    }
    recorder(session).onBegun();
    return session.remove(TOKEN).set(PING_DUE, nowNs() - frequencyNs);
  }

  private Duration untilNext(Session session) {
    Duration left = OpenSchedule.until(session.getLong(PING_DUE) + frequencyNs, nowNs());
    return left.isZero() ? AT_LEAST : left;
  }

  private Session measured(GatlingRecords.Sink sink, Session session) {
    TickerRecorder recorder = recorder(session);
    WsEnd.Lost lost = lost(session);
    Outcome outcome = recorder.finish(lost);
    Seat.of(session).ifPresent(seat -> seat.add(recorder.connection(lost != null)));
    String why = lost == null ? outcome.counter() : lost.by().words();
    String failure = outcome == Outcome.OK ? null : why;
    sink.log(session, "longest round trip", recorder.rttMaxNs / 1e6, failure);
    return session.markAsSucceeded();
  }

  /** Returns why the user lost the socket; null if it is still open. */
  private WsEnd.Lost lost(Session session) {
    TickerRecorder recorder = recorder(session);
    if (!recorder.connected) {
      load.firstRefusal.compareAndSet("", WsEnd.why(session, SOCKET));
    }
    return isOpen(session)
        ? null
        : WsEnd.lost(session, SOCKET, recorder.closedBy, recorder.connected);
  }

  private long nowNs() {
    return load.warmUp.nowNs();
  }

  private static boolean isOpen(Session session) {
    return WsEnd.isOpen(session, SOCKET);
  }

  private static TickerRecorder recorder(Session session) {
    return session.get(RECORDER);
  }
}

package simulations.sse;

import static io.gatling.javaapi.core.CoreDsl.*;
import static simulations.sse.SseRequests.CLIENT;
import static simulations.sse.SseRequests.RECORDER;
import static simulations.sse.SseRequests.SEED;
import static simulations.sse.SseRequests.STREAM;
import static simulations.sse.SseRequests.WHOLE;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Outcome;
import kpi.Phase;
import simulations.run.GatlingRecords;
import simulations.run.Run;
import simulations.run.SseEnd;
import simulations.sse.SseBattle.Role;

/** What the users of the SSE battle do. */
public final class SseJourneys {
  private static final String INTENDED = "intendedNs";
  private static final String CONNECTED = "connected";
  private static final String GROUP = "metrics";

  /** Lets the end of the response arrive, so that the connection can serve the next stream. */
  private static final Duration END_OF_STREAM = Duration.ofMillis(10);

  /** A client whose stream failed does not hammer a service that is down. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final SseBattle battle;
  private final Map<Phase, SseRequests> requests = new EnumMap<>(Phase.class);
  private final AtomicInteger users = new AtomicInteger();

  /**
   * @param battle that the users take part in
   */
  public SseJourneys(SseBattle battle) {
    this.battle = battle;
    for (Phase phase : Phase.values()) {
      requests.put(phase, new SseRequests(battle.settings(), battle.plan(phase)));
    }
  }

  /** Streams like those measured, cut from every figure. */
  public ScenarioBuilder warmUp(Run run) {
    return scenario("warm-up")
        .exec(
            session -> {
              run.beginWarmUp();
              return session.set(CLIENT, "warm-up-" + session.userId()).set(INTENDED, 0L);
            })
        .exec(stream("warm-up", Phase.WARM_UP));
  }

  /** The clients, with a few leavers and breakers among them. */
  public ScenarioBuilder users() {
    return scenario("clients")
        .exec(
            session ->
                session
                    .set(CLIENT, "client-" + session.userId())
                    .set("role", battle.role(users.getAndIncrement()).name()))
        .doSwitch("#{role}")
        .on(
            onCase(Role.CLIENT.name()).then(client()),
            onCase(Role.LEAVER.name()).then(leaver()),
            onCase(Role.BREAKER.name()).then(breaker()));
  }

  private ChainBuilder client() {
    return exec(session -> session.set(INTENDED, battle.arrivals().arrive()))
        .exec(stream("stream", Phase.MEASURE))
        .asLongAs(session -> battle.arrivals().wantsMore())
        .on(stream("stream", Phase.MEASURE));
  }

  /** One stream to its end; the next one is meant to start when this one has ended. */
  private ChainBuilder stream(String name, Phase phase) {
    SseRequests asked = requests.get(phase);
    return exec(session -> prepare(session, phase))
        .exec(asked.open(name + " connect"))
        .doIf(session -> !session.isFailed())
        .then(
            exec(SseJourneys::connected),
            exec(asked.read(name, (event, session) -> recorder(session).onEvent(event))))
        .exec(group(GROUP).on(exec(GatlingRecords.action((sink, s) -> finish(sink, s, phase)))))
        .pause(END_OF_STREAM)
        .doIfOrElse(session -> isOpen(session))
        .then(exec(asked.close(name + " close")))
        .orElse(exec(session -> session.remove(STREAM)))
        .doIf(Session::isFailed)
        .then(pause(AFTER_FAILURE))
        .exec(session -> session.markAsSucceeded().set(INTENDED, System.nanoTime()));
  }

  private ChainBuilder leaver() {
    SseRequests asked = requests.get(Phase.MEASURE);
    int enough = Math.max(1, battle.settings().stream().tokens() / 4);
    return exec(session -> session.set(SEED, battle.nextSeed()).set("seen", new AtomicInteger()))
        .exec(asked.open("leaver connect"))
        .doIf(session -> !session.isFailed())
        .then(
            exec(
                asked.read(
                    "leaver",
                    (event, session) ->
                        session.<AtomicInteger>get("seen").incrementAndGet() >= enough)),
            exec(
                session -> {
                  battle.onLeft();
                  return session;
                }),
            exec(asked.close("leaver close")));
  }

  private ChainBuilder breaker() {
    return exec(session -> session.set(SEED, battle.nextSeed()))
        .exec(requests.get(Phase.MEASURE).brokenStream("breaker"))
        .exec(
            session -> {
              battle.onBroken(session.contains(WHOLE) ? Outcome.OK : Outcome.RESET);
              return session;
            });
  }

  private Session prepare(Session session, Phase phase) {
    long intendedNs = session.getLong(INTENDED);
    long seed = battle.nextSeed();
    StreamRecorder recorder =
        battle.newStream(phase, seed, intendedNs == 0 ? System.nanoTime() : intendedNs);
    return session.set(SEED, seed).set(RECORDER, recorder).set(CONNECTED, false);
  }

  private static Session connected(Session session) {
    recorder(session).onConnected();
    return session.set(CONNECTED, true);
  }

  private static Session finish(GatlingRecords.Sink sink, Session session, Phase phase) {
    StreamRecorder recorder = recorder(session);
    Outcome failure =
        session.isFailed() ? SseEnd.failure(session, STREAM, session.getBoolean(CONNECTED)) : null;
    Outcome outcome = recorder.finish(failure);
    if (phase == Phase.MEASURE) {
      if (recorder.ttftMs() >= 0) {
        sink.log(session, "ttft", recorder.ttftMs(), null);
      }
      boolean ok = outcome == Outcome.OK;
      sink.log(session, "e2e", Math.max(0, recorder.e2eMs()), ok ? null : outcome.counter());
    }
    return outcome == Outcome.OK ? session : session.markAsFailed();
  }

  private static boolean isOpen(Session session) {
    return session.contains(STREAM) && !SseEnd.isOver(session, STREAM);
  }

  private static StreamRecorder recorder(Session session) {
    return session.get(RECORDER);
  }
}

package simulations.sse;

import static io.gatling.javaapi.core.CoreDsl.*;
import static simulations.run.GatlingRecords.doing;
import static simulations.sse.SseRequests.CLIENT;
import static simulations.sse.SseRequests.SEED;
import static simulations.sse.SseRequests.WHOLE;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Outcome;
import kpi.Phase;
import simulations.run.GatlingRecords;
import simulations.run.SseStream;
import simulations.sse.SseLoad.Role;

/** The journeys of the users of the SSE battle. */
public final class SseJourneys {
  private static final String INTENDED = "intendedNs";
  private static final String RECORDER = "recorder";

  private final SseLoad load;
  private final Map<Phase, SseRequests> requests = new EnumMap<>(Phase.class);

  public SseJourneys(SseLoad load) {
    this.load = load;
    for (Phase phase : Phase.values()) {
      requests.put(phase, new SseRequests(load.settings, load.streams(phase).plan));
    }
  }

  /** Streams like those measured, cut from every figure. */
  public ChainBuilder warmUp() {
    return exec(session ->
            session.set(CLIENT, "warm-up-" + session.userId()).set(INTENDED, now(Phase.WARM_UP)))
        .exec(stream("warm-up", Phase.WARM_UP));
  }

  /** The clients, with a few leavers and breakers among them. */
  public ScenarioBuilder users() {
    return scenario("clients")
        .exec(
            session ->
                session
                    .set(CLIENT, "client-" + session.userId())
                    .set("role", load.nextRole().name()))
        .doSwitch("#{role}")
        .on(
            onCase(Role.CLIENT.name()).then(client()),
            onCase(Role.LEAVER.name()).then(leaver()),
            onCase(Role.BREAKER.name()).then(breaker()));
  }

  private ChainBuilder client() {
    return load.arrivals
        .arrive(INTENDED)
        .exec(stream("stream", Phase.MEASURE))
        .asLongAs(session -> load.arrivals.wantsMore())
        .on(stream("stream", Phase.MEASURE));
  }

  /** One stream to its end, which is the intended start of the next one. */
  private ChainBuilder stream(String name, Phase phase) {
    SseRequests request = requests.get(phase);
    return exec(session -> prepare(session, phase))
        .exec(request.open(name + " connect"))
        .doIf(session -> !session.isFailed())
        .then(exec(SseJourneys::connected), exec(request.read(name)))
        .exec(GatlingRecords.metrics((sink, session) -> finish(sink, session, phase)))
        .exec(SseStream.end(name))
        .exec(session -> session.set(INTENDED, now(phase)));
  }

  private ChainBuilder leaver() {
    SseRequests request = requests.get(Phase.MEASURE);
    int enough = Math.max(1, load.settings.stream().tokens() / 4);
    return exec(session -> session.set(SEED, load.nextSeed()))
        .exec(request.open("leaver connect"))
        .doIf(session -> !session.isFailed())
        .then(
            exec(session -> leaving(session, enough)),
            exec(request.read("leaver")),
            exec(doing(session -> load.left.incrementAndGet())),
            exec(SseStream.close("leaver close")));
  }

  private ChainBuilder breaker() {
    return exec(session -> session.set(SEED, load.nextSeed()))
        .exec(requests.get(Phase.MEASURE).brokenStream("breaker"))
        .exec(
            doing(
                session ->
                    (session.contains(WHOLE) ? load.brokenHidden : load.brokenSeen)
                        .incrementAndGet()));
  }

  private Session prepare(Session session, Phase phase) {
    long seed = load.nextSeed();
    SseRecorder recorder =
        new SseRecorder(
            load.streams(phase), load.settings.verifyText() ? seed : -1, session.getLong(INTENDED));
    return SseStream.requested(session.set(SEED, seed).set(RECORDER, recorder));
  }

  private static Session connected(Session session) {
    SseRecorder recorder = recorder(session);
    recorder.onConnected();
    return SseStream.connected(session, recorder::onEvent);
  }

  private static Session leaving(Session session, int enough) {
    AtomicInteger seen = new AtomicInteger();
    return SseStream.connected(session, (name, data, length) -> seen.incrementAndGet() >= enough);
  }

  private static Session finish(GatlingRecords.Sink sink, Session session, Phase phase) {
    SseRecorder recorder = recorder(session);
    Outcome outcome = recorder.finish(SseStream.failure(session), SseStream.why(session));
    if (phase == Phase.MEASURE) {
      if (recorder.ttftMs() >= 0) {
        sink.log(session, "ttft", recorder.ttftMs(), null);
      }
      sink.ended(session, "e2e", recorder.e2eMs(), outcome);
    }
    return outcome == Outcome.OK ? session : session.markAsFailed();
  }

  private long now(Phase phase) {
    return load.recording(phase).nowNs();
  }

  private static SseRecorder recorder(Session session) {
    return session.get(RECORDER);
  }
}

package simulations.sse;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;
import static simulations.run.GatlingRecords.doing;
import static simulations.sse.SseRequests.ASK;
import static simulations.sse.SseRequests.CLIENT;
import static simulations.sse.SseRequests.WHOLE;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import kpi.Outcome;
import kpi.Phase;
import simulations.run.GatlingRecords;
import simulations.run.OpenSchedule;
import simulations.run.SseStream;
import simulations.sse.SseLoad.Role;

/** The journeys of the users of the SSE battle. */
public final class SseJourneys {
  private static final String INTENDED = "intendedNs";
  private static final String RECORDER = "recorder";
  private static final String CONVERSATION = "conversation";
  private static final String MORE = "more";
  private static final String FREE = "freeNs";
  private static final String USER = "user";
  private static final String ROUND = "round";

  private final SseLoad load;
  private final Map<Phase, SseRequests> requests = new EnumMap<>(Phase.class);

  public SseJourneys(SseLoad load) {
    this.load = load;
    for (Phase phase : Phase.values()) {
      requests.put(phase, new SseRequests(load.settings, load.streams(phase).plan));
    }
  }

  /** Returns the protocol, with the headers of the service's API. */
  public HttpProtocolBuilder protocol(SseTargets targets) {
    return http.baseUrls(targets.bases())
        .disableWarmUp()
        .acceptHeader("text/event-stream")
        .headers(load.settings.headers());
  }

  /** Streams like those measured, cut from every figure. */
  public ChainBuilder warmUp() {
    return exec(session ->
            session
                .setAll(named("warm-up-", load.nextUser(Phase.WARM_UP)))
                .set(INTENDED, now(Phase.WARM_UP)))
        .exec(session -> session.set(CONVERSATION, conversation(session)))
        .exec(stream("warm-up", Phase.WARM_UP));
  }

  /** The clients, with a few leavers and breakers among them. */
  public PopulationBuilder users() {
    int all = load.settings.common().shard().of(load.settings.allUsers());
    return scenario("clients")
        .exec(session -> session.setAll(named("client-", load.nextUser(Phase.MEASURE))))
        .exec(session -> session.set(ROUND, 1).set("role", load.role(session.getInt(USER)).name()))
        .doSwitch("#{role}")
        .on(
            onCase(Role.CLIENT.name()).then(client()),
            onCase(Role.LEAVER.name()).then(leaver()),
            onCase(Role.BREAKER.name()).then(breaker()))
        .injectOpen(
            load.open.isPresent()
                ? atOnceUsers(all)
                : rampUsers(all).during(load.settings.users().rampup()));
  }

  private static Map<String, Object> named(String name, int user) {
    return Map.of(CLIENT, name + user, USER, user, ROUND, 0);
  }

  private Conversation conversation(Session session) {
    return load.conversation(session.getInt(USER), session.getInt(ROUND));
  }

  private ChainBuilder client() {
    ChainBuilder first =
        load.open.isPresent()
            ? exec(this::next)
            : load.arrivals.arrive(INTENDED).exec(session -> begin(session, true));
    return first
        .asLongAs(session -> session.getBoolean(MORE))
        .on(
            pause(session -> OpenSchedule.until(session.getLong(INTENDED), now(Phase.MEASURE))),
            exec(this::arrived),
            stream("stream", Phase.MEASURE),
            exec(this::next));
  }

  /** Goes on with the conversation, or begins the next one, if there is one for this user. */
  private Session next(Session session) {
    Conversation last = session.get(CONVERSATION);
    Session free = session.remove(FREE);
    if (last != null && last.goesOn()) {
      long dueNs = session.getLong(INTENDED) + load.settings.dialogue().think().toNanos();
      return free.set(INTENDED, dueNs).set(MORE, load.mayRequest());
    }
    if (load.open.isEmpty()) {
      return begin(session, load.arrivals.wantsMore());
    }
    OptionalLong dueNs = load.open.get().next();
    return dueNs.isEmpty()
        ? session.set(MORE, false)
        : begin(session.set(FREE, now(Phase.MEASURE)), true).set(INTENDED, dueNs.getAsLong());
  }

  private Session begin(Session session, boolean wanted) {
    return session
        .set(CONVERSATION, conversation(session))
        .set(ROUND, session.getInt(ROUND) + 1)
        .set(MORE, wanted && load.mayRequest());
  }

  private Session arrived(Session session) {
    if (session.contains(FREE)) {
      load.open.orElseThrow().begun(session.getLong(INTENDED), session.getLong(FREE));
    }
    return session;
  }

  /** One stream to its end, which is the intended start of the next one. */
  private ChainBuilder stream(String name, Phase phase) {
    return exec(session -> prepare(session, phase))
        .exec(requests.get(phase).stream(name, SseJourneys::connected))
        .exec(GatlingRecords.metrics((sink, session) -> finish(sink, session, phase)))
        .exec(SseStream.end(name))
        .exec(session -> session.set(INTENDED, now(phase)));
  }

  private ChainBuilder leaver() {
    SseRequests request = requests.get(Phase.MEASURE);
    int enough = Math.max(1, load.settings.stream().tokens() / 4);
    return pause(session -> load.probeWait())
        .exec(session -> probe(session, request))
        .exec(request.stream("leaver", session -> leaving(session, enough)))
        .doIf(SseStream::isConnected)
        .then(
            exec(doing(session -> load.left.incrementAndGet())),
            exec(SseStream.close("leaver close")));
  }

  private ChainBuilder breaker() {
    SseRequests request = requests.get(Phase.MEASURE);
    return pause(session -> load.probeWait())
        .exec(session -> probe(session, request))
        .exec(request.brokenStream("breaker"))
        .exec(
            doing(
                session ->
                    (session.contains(WHOLE) ? load.brokenHidden : load.brokenSeen)
                        .incrementAndGet()));
  }

  private Session probe(Session session, SseRequests request) {
    long seed = load.seed(-1 - session.getInt(USER));
    return session.set(ASK, request.ask(session.getString(CLIENT), seed));
  }

  private Session prepare(Session session, Phase phase) {
    Conversation conversation = session.get(CONVERSATION);
    Ask ask = load.ask(requests.get(phase), phase, session.getString(CLIENT), conversation);
    SseRecorder recorder =
        new SseRecorder(load.streams(phase), ask, conversation.goesOn(), session.getLong(INTENDED));
    return session.set(ASK, ask).set(RECORDER, recorder);
  }

  private static Session connected(Session session) {
    SseRecorder recorder = recorder(session);
    recorder.onConnected();
    Session connected =
        SseStream.connected(
            session, (event, id, data, length) -> recorder.onEvent(event, data, length));
    Ask.Leaving leaving = session.<Ask>get(ASK).leaving();
    if (leaving.isTimed()) {
      SseStream.enoughAfter(session, leaving.after().minus(recorder.sinceSent()), recorder::cancel);
    }
    return connected;
  }

  private static Session leaving(Session session, int enough) {
    AtomicInteger seen = new AtomicInteger();
    return SseStream.connected(
        session, (event, id, data, length) -> seen.incrementAndGet() >= enough);
  }

  private static Session finish(GatlingRecords.Sink sink, Session session, Phase phase) {
    SseRecorder recorder = recorder(session);
    Outcome outcome = recorder.finish(SseStream.failure(session), SseStream.why(session));
    Conversation conversation = session.get(CONVERSATION);
    if (outcome == Outcome.OK && conversation.goesOn()) {
      conversation.answered(recorder.answer());
    } else {
      conversation.end();
    }
    if (phase == Phase.MEASURE) {
      if (recorder.ttftMs() >= 0) {
        sink.log(session, "ttft", recorder.ttftMs(), null);
      }
      sink.ended(session, "e2e", recorder.e2eMs(), outcome);
    }
    boolean good = outcome == Outcome.OK || outcome == Outcome.CANCELLED;
    return good ? session : session.markAsFailed();
  }

  private long now(Phase phase) {
    return load.recording(phase).nowNs();
  }

  private static SseRecorder recorder(Session session) {
    return session.get(RECORDER);
  }
}

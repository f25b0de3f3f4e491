package simulations.relay;

import static io.gatling.javaapi.core.CoreDsl.*;
import static simulations.run.GatlingRecords.doing;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import kpi.Outcome;
import kpi.Phase;
import kpi.Tally;
import simulations.run.GatlingRecords;
import simulations.run.Seat;
import simulations.run.SseStream;

/** The journeys of readers and producers. Request names are an API: no values in them. */
public final class RelayJourneys {
  private static final String RECORDER = "recorder";
  private static final String PLACE = "place";
  private static final String ROUND = "round";

  /** Start of the publication, or of the wait for one. */
  private static final String SINCE = "sinceNs";

  private static final String INTENDED = "intendedNs";
  private static final String CONVERSATION = "conversation";
  private static final String GOES_ON = "goesOn";
  private static final String LAG_RECORD = "longest delivery lag";

  private static final Duration ABSENCE = Duration.ofMillis(300);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final RelayLoad load;

  /** The longest time that a conversation, and its stream, may take. */
  private final Duration bound;

  private final Duration streamBound;

  public RelayJourneys(RelayLoad load) {
    this.load = load;
    RelaySettings settings = load.settings;
    this.bound = settings.plan().longestConversation().plus(settings.side().timeout());
    this.streamBound =
        settings.isFeed()
            ? settings.plan().duration().plus(settings.side().timeout())
            : bound.plus(settings.mode().produces() ? ABSENCE : settings.side().joinWithin());
  }

  public ChainBuilder warmUp() {
    return exec(session -> session.set(RECORDER, load.recorder(load.warmUp(), false, nowNs())))
        .exec(stream("warm-up", Phase.WARM_UP));
  }

  public PopulationBuilder users() {
    ScenarioBuilder users =
        switch (load.settings.mode()) {
          case BOTH -> readers();
          case PRODUCER -> producers();
          case CONSUMER -> consumers();
        };
    return users.injectOpen(load.arrivals.injection());
  }

  /** Readers of conversations that this process publishes, with resumers and slow readers. */
  private ScenarioBuilder readers() {
    return scenario("conversations")
        .exec(arrive())
        .exec(doing(session -> load.slowReading.begin()))
        .exec(read())
        .asLongAs(this::hasNext)
        .on(read());
  }

  /** One conversation to its end, which is the intended start of the next one. */
  private ChainBuilder read() {
    return exec(session -> {
          boolean resumed =
              load.isResumed(load.settings.number(session.getInt(PLACE), session.getInt(ROUND)));
          Conversation conversation = load.conversation(id(session).orElseThrow(), resumed);
          return session.set(
              RECORDER, load.recorder(conversation, resumed, session.getLong(INTENDED)));
        })
        .exec(stream("stream", Phase.MEASURE))
        .exec(session -> nextRound(session).set(INTENDED, nowNs()));
  }

  private ChainBuilder stream(String name, Phase phase) {
    return exec(opened(name, open(name + " connect"), this::connected))
        .doIf(session -> !session.isFailed() && recorder(session).hasLeft())
        .then(
            exec(SseStream.close(name + " leave")),
            pause(ABSENCE),
            exec(doing(session -> recorder(session).onResume())),
            opened(name + " resumed", resume(name + " resume"), this::resumed))
        .asLongAs(this::connectsAgain)
        .on(
            exec(SseStream.end(name)),
            opened(
                name + " again",
                resume(name + " again"),
                session ->
                    recorder(session).wasConnected() ? resumed(session) : connected(session)))
        .exec(GatlingRecords.metrics((sink, session) -> finish(sink, session, phase)))
        .exec(SseStream.end(name));
  }

  /** A reader that was cut off connects again, if it is one that does. */
  private boolean connectsAgain(Session session) {
    return Seat.of(session).isPresent()
        && session.isFailed()
        && SseStream.failure(session) != Outcome.TIMEOUT
        && nowNs() - session.getLong(INTENDED) < bound.toNanos()
        && load.run.goesOn();
  }

  /** Producers: each publishes one conversation after the other, and at last an empty one. */
  private ScenarioBuilder producers() {
    Duration pause = load.settings.plan().pause();
    return scenario("producers")
        .exec(arrive())
        .exec(publish())
        .asLongAs(this::hasNext)
        .on(pause(pause).exec(publish()))
        .pause(pause)
        .exec(
            doing(
                session ->
                    id(session).map(Conversation::empty).ifPresent(load.publisher()::begin)));
  }

  private ChainBuilder publish() {
    return exec(session -> {
          Conversation conversation = load.conversation(id(session).orElseThrow(), false);
          long nowNs = nowNs();
          load.measured().tally().start(nowNs);
          load.publisher().begin(conversation);
          return session.set(CONVERSATION, conversation).set(SINCE, nowNs);
        })
        .asLongAs(this::isPublishing)
        .on(pause(LOOK))
        .exec(GatlingRecords.metrics(this::published))
        .exec(RelayJourneys::nextRound);
  }

  private boolean isPublishing(Session session) {
    Conversation conversation = session.get(CONVERSATION);
    return !conversation.isOver() && nowNs() - session.getLong(SINCE) < bound.toNanos();
  }

  private Session published(GatlingRecords.Sink sink, Session session) {
    Conversation conversation = session.get(CONVERSATION);
    Outcome outcome =
        conversation.published() == conversation.tokens()
            ? Outcome.OK
            : conversation.isOver() ? Outcome.REFUSED : Outcome.TIMEOUT;
    Tally tally = load.measured().tally();
    tally.end(outcome, nowNs());
    for (int i = 0; i < conversation.published(); i++) {
      tally.event();
    }
    sink.ended(session, "publish", (nowNs() - session.getLong(SINCE)) / 1e6, outcome);
    return session;
  }

  /** Consumers: each reads one conversation after the other, until the producer ends. */
  private ScenarioBuilder consumers() {
    return scenario("consumers")
        .exec(arrive())
        .exec(session -> session.set(SINCE, nowNs()).set(GOES_ON, true))
        .asLongAs(session -> session.getBoolean(GOES_ON) && id(session).isPresent())
        .on(
            exec(session ->
                    session.set(
                        RECORDER,
                        load.recorder(id(session).orElseThrow(), session.getLong(INTENDED))))
                .exec(opened("stream", open("join"), RelayJourneys::joining))
                .exec(GatlingRecords.metrics(this::joined))
                .exec(SseStream.end("stream")));
  }

  private static Session joining(Session session) {
    recorder(session).onConnected();
    return SseStream.connected(session, recorder(session)::onEvent);
  }

  private Session joined(GatlingRecords.Sink sink, Session session) {
    RelayRecorder recorder = recorder(session);
    Outcome failure = SseStream.failure(session);
    if (recorder.tokens > 0) {
      load.firstTokenNs.compareAndSet(0, nowNs());
      Outcome outcome = recorder.finish(failure);
      if (outcome == failure) {
        blame(session, recorder, failure);
      }
      sink.ended(session, LAG_RECORD, recorder.lagMaxMs(), outcome);
      boolean more = load.settings.isFeed() ? !recorder.isOver() : load.joinsMore();
      return nextRound(session).set(SINCE, nowNs()).set(GOES_ON, more);
    }
    if (recorder.producerEnded) {
      return session.set(GOES_ON, false);
    } else if (load.settings.isFeed()) {
      return session.set(GOES_ON, readsOn(session, recorder, failure));
    }
    long waitedNs = nowNs() - session.getLong(SINCE);
    boolean waits = load.joinsMore() && waitedNs < load.settings.side().joinWithin().toNanos();
    if (!waits && failure != null && !SseStream.isConnected(session)) {
      recorder.giveUp(failure);
      blame(session, recorder, failure);
    }
    return session.set(GOES_ON, waits);
  }

  /** Ends a request of a feed that brought no event; returns true if its reader has time left. */
  private boolean readsOn(Session session, RelayRecorder recorder, Outcome failure) {
    boolean more = !recorder.isOver();
    boolean failed = failure != null && failure != Outcome.CLOSED_EARLY;
    if (failed || (!more && session.getInt(ROUND) == 0)) {
      Outcome outcome = failed ? failure : Outcome.TIMEOUT;
      recorder.giveUp(outcome);
      blame(session, recorder, outcome);
    } else {
      recorder.giveUp(Outcome.OK); // It was ended in order.
    }
    return more;
  }

  private void blame(Session session, RelayRecorder recorder, Outcome failure) {
    boolean silent =
        recorder.wasConnected()
            && failure == Outcome.TIMEOUT
            && (load.settings.isFeed() || recorder.tokens == 0);
    boolean isNumbered = load.settings.events().seq().isThere();
    String none = isNumbered ? "had no event with a number (-Dsse.seq)" : "had no event";
    String words =
        silent
            ? recorder.tokens > 0 ? "stopped while they stayed open" : none
            : SseStream.words(recorder.wasConnected(), failure, SseStream.why(session));
    load.faults.add(words, recorder.error.isEmpty() ? null : recorder.error);
  }

  private ChainBuilder arrive() {
    return load.arrivals
        .arrive(INTENDED)
        .exec(session -> session.set(PLACE, load.nextPlace()).set(ROUND, 0));
  }

  private static Session nextRound(Session session) {
    return session.set(ROUND, session.getInt(ROUND) + 1);
  }

  private boolean hasNext(Session session) {
    return load.arrivals.wantsMore() && id(session).isPresent();
  }

  private Optional<String> id(Session session) {
    return load.settings.id(session.getInt(PLACE), session.getInt(ROUND));
  }

  private Session connected(Session session) {
    Session connected = joining(session);
    load.publisher().begin(recorder(session).conversation.orElseThrow());
    return connected;
  }

  private Session resumed(Session session) {
    Conversation conversation = recorder(session).conversation.orElseThrow();
    if (conversation.resting) {
      load.publisher().resume(conversation);
    }
    return SseStream.connected(session, recorder(session)::onEvent);
  }

  private static Session finish(GatlingRecords.Sink sink, Session session, Phase phase) {
    RelayRecorder recorder = recorder(session);
    Outcome outcome = recorder.finish(SseStream.failure(session));
    boolean ok = outcome == Outcome.OK;
    if (phase == Phase.MEASURE) {
      String reason = recorder.error.isEmpty() ? outcome.counter() : recorder.error;
      sink.log(session, LAG_RECORD, recorder.lagMaxMs(), ok ? null : reason);
    }
    return ok ? session : session.markAsFailed();
  }

  /** Returns the address of a feed, or the path of a conversation. */
  private String address(Session session) {
    return load.settings.isFeed()
        ? load.settings.service().sseUrl().orElseThrow().toString()
        : "/stream/" + recorder(session).id;
  }

  private ActionBuilder open(String name) {
    return SseStream.of(name).get(this::address);
  }

  /**
   * Requests the tokens after the last one seen, on a connection that ends with the stream: Gatling
   * does not use it for the user's next stream, and it would stay open beside that one's.
   */
  private static ActionBuilder resume(String name) {
    return SseStream.of(name)
        .get(session -> "/stream/" + recorder(session).id)
        .header("Connection", "close")
        .header("Last-Event-ID", session -> Integer.toString(recorder(session).highest));
  }

  private ChainBuilder opened(String name, ActionBuilder request, UnaryOperator<Session> opened) {
    return SseStream.stream(request, name, streamBound, opened);
  }

  private static RelayRecorder recorder(Session session) {
    return session.get(RECORDER);
  }

  private long nowNs() {
    return load.clock.nanos();
  }
}

package simulations.relay;

import static io.gatling.javaapi.core.CoreDsl.*;
import static simulations.relay.RelayRequests.READER;
import static simulations.relay.RelayRequests.STREAM;
import static simulations.relay.RelayRequests.reader;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import kpi.Outcome;
import kpi.Phase;
import simulations.run.GatlingRecords;
import simulations.run.Run;
import simulations.run.SseEnd;

/** What the readers of a conversation do whose tokens the same process publishes. */
public final class RelayJourneys {
  /** Gatling's group of records that are not requests. */
  static final String GROUP = "metrics";

  /** Session key: which of the places for conversations the user has. */
  static final String PLACE = "place";

  /** Session key: how many conversations the user has had. */
  static final String ROUND = "round";

  /** Session key: whether the response headers have come. */
  static final String CONNECTED = "connected";

  /** A user whose stream failed does not hammer a service that is down. */
  static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  /** Lets the end of the response arrive, so that the connection can serve the next stream. */
  static final Duration END_OF_STREAM = Duration.ofMillis(10);

  private static final String INTENDED = "intendedNs";
  private static final Duration ABSENCE = Duration.ofMillis(300);

  private final RelayLoad load;
  private final RelayRequests requests;
  private final URI adapter;

  /**
   * @param load that the users share
   * @param adapter where streams are read
   */
  public RelayJourneys(RelayLoad load, URI adapter) {
    this.load = load;
    this.adapter = adapter;
    RelaySettings settings = load.settings();
    this.requests =
        new RelayRequests(
            settings.plan().longestConversation().plus(ABSENCE).plus(settings.timeout()));
  }

  /** Conversations like those measured, cut from every figure. */
  public ScenarioBuilder warmUp(Run run) {
    return scenario("warm-up")
        .exec(
            session -> {
              run.beginWarmUp();
              Conversation conversation = load.warmUp();
              long nowNs = load.clock().nanos();
              return session
                  .set(READER, load.reader(conversation, false, nowNs))
                  .set(CONNECTED, false);
            })
        .exec(conversation("warm-up", Phase.WARM_UP));
  }

  /** The readers, with resumers among them, and a few slow ones beside them. */
  public ScenarioBuilder users() {
    return scenario("conversations")
        .exec(
            session -> {
              long intendedNs = load.arrivals().arrive();
              load.beginSlowReaders(adapter);
              return session.set(PLACE, load.nextPlace()).set(ROUND, 0).set(INTENDED, intendedNs);
            })
        .exec(next())
        .asLongAs(this::hasNext)
        .on(next());
  }

  private boolean hasNext(Session session) {
    return load.arrivals().wantsMore() && id(session).isPresent();
  }

  private Optional<String> id(Session session) {
    return load.id(session.getInt(PLACE), session.getInt(ROUND));
  }

  /** One conversation to its end; the next one is meant to start when this one has ended. */
  private ChainBuilder next() {
    return exec(session -> {
          boolean resumed = load.nextIsResumed();
          Conversation conversation = load.conversation(id(session).orElseThrow(), resumed);
          StreamReader reader = load.reader(conversation, resumed, session.getLong(INTENDED));
          return session.set(READER, reader).set(CONNECTED, false);
        })
        .exec(conversation("stream", Phase.MEASURE))
        .exec(
            session ->
                session.set(INTENDED, load.clock().nanos()).set(ROUND, session.getInt(ROUND) + 1));
  }

  private ChainBuilder conversation(String name, Phase phase) {
    return exec(requests.open(name + " connect"))
        .doIf(session -> !session.isFailed())
        .then(exec(this::connected), exec(requests.read(name)))
        .doIf(session -> !session.isFailed() && reader(session).hasLeft())
        .then(
            exec(requests.close(name + " leave")),
            pause(ABSENCE),
            exec(RelayJourneys::resuming),
            exec(requests.resume(name + " resume")),
            doIf(session -> !session.isFailed())
                .then(exec(this::resumed), exec(requests.read(name + " resumed"))))
        .exec(
            group(GROUP)
                .on(exec(GatlingRecords.action((sink, session) -> finish(sink, session, phase)))))
        .exec(leave(requests, name));
  }

  /** After a stream, however it went: nothing is left open, and the user may go on. */
  static ChainBuilder leave(RelayRequests requests, String name) {
    return pause(END_OF_STREAM)
        .doIfOrElse(RelayJourneys::isOpen)
        .then(exec(requests.close(name + " close")))
        .orElse(exec(session -> session.remove(STREAM)))
        .doIf(Session::isFailed)
        .then(pause(AFTER_FAILURE))
        .exec(Session::markAsSucceeded);
  }

  private Session connected(Session session) {
    StreamReader reader = reader(session);
    reader.onConnected();
    load.publisher().begin(reader.conversation().orElseThrow());
    return session.set(CONNECTED, true);
  }

  private static Session resuming(Session session) {
    reader(session).onResume();
    return session.set(CONNECTED, false);
  }

  private Session resumed(Session session) {
    Conversation conversation = reader(session).conversation().orElseThrow();
    if (conversation.isResting()) {
      load.publisher().resume(conversation);
    }
    return session.set(CONNECTED, true);
  }

  private Session finish(GatlingRecords.Sink sink, Session session, Phase phase) {
    StreamReader reader = reader(session);
    Outcome outcome = reader.finish(failure(session));
    if (phase == Phase.MEASURE) {
      boolean ok = outcome == Outcome.OK;
      String reason = reader.error().isEmpty() ? outcome.counter() : reader.error();
      sink.log(session, "longest delivery lag", Math.max(0, reader.lagMaxMs()), ok ? null : reason);
    }
    return outcome == Outcome.OK ? session : session.markAsFailed();
  }

  /** How Gatling says that the stream ended; null if the reader had seen enough. */
  static Outcome failure(Session session) {
    return session.isFailed()
        ? SseEnd.failure(session, STREAM, session.getBoolean(CONNECTED))
        : null;
  }

  private static boolean isOpen(Session session) {
    return session.contains(STREAM) && !SseEnd.isOver(session, STREAM);
  }
}

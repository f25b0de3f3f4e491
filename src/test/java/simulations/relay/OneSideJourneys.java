package simulations.relay;

import static io.gatling.javaapi.core.CoreDsl.*;
import static simulations.relay.RelayJourneys.CONNECTED;
import static simulations.relay.RelayJourneys.GROUP;
import static simulations.relay.RelayJourneys.PLACE;
import static simulations.relay.RelayJourneys.ROUND;
import static simulations.relay.RelayRequests.READER;
import static simulations.relay.RelayRequests.reader;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.Optional;
import kpi.Outcome;
import kpi.Tally;
import simulations.run.GatlingRecords;

/** What users do in a process that only publishes, or only reads. */
public final class OneSideJourneys {
  private static final String CONVERSATION = "conversation";
  private static final String SINCE = "sinceNs";
  private static final String GOES_ON = "goesOn";
  private static final Duration LOOK = Duration.ofMillis(20);

  private final RelayLoad load;
  private final RelayRequests requests;
  private final long boundNs;

  /**
   * @param load that the users share
   */
  public OneSideJourneys(RelayLoad load) {
    this.load = load;
    RelaySettings settings = load.settings();
    Duration conversation = settings.plan().longestConversation().plus(settings.timeout());
    this.boundNs = conversation.toNanos();
    this.requests = new RelayRequests(conversation.plus(settings.joinWithin()));
  }

  /** Each publishes one conversation after the other, and at last an empty one. */
  public ScenarioBuilder producers() {
    return scenario("producers")
        .exec(
            session -> {
              long unused = load.arrivals().arrive();
              return session.set(PLACE, load.nextPlace()).set(ROUND, 0);
            })
        .exec(publish())
        .asLongAs(session -> load.arrivals().wantsMore() && id(session).isPresent())
        .on(pause(load.settings().plan().pause()).exec(publish()))
        .pause(load.settings().plan().pause())
        .exec(
            session -> {
              id(session).map(Conversation::empty).ifPresent(load.publisher()::begin);
              return session;
            });
  }

  /** Each reads one conversation after the other, until the producer ends or falls silent. */
  public ScenarioBuilder consumers() {
    return scenario("consumers")
        .exec(
            session -> {
              long unused = load.arrivals().arrive();
              return session
                  .set(PLACE, load.nextPlace())
                  .set(ROUND, 0)
                  .set(SINCE, load.clock().nanos())
                  .set(GOES_ON, true);
            })
        .asLongAs(session -> session.getBoolean(GOES_ON) && id(session).isPresent())
        .on(join());
  }

  private Optional<String> id(Session session) {
    return load.id(session.getInt(PLACE), session.getInt(ROUND));
  }

  private ChainBuilder publish() {
    return exec(session -> {
          Conversation conversation = load.conversation(id(session).orElseThrow(), false);
          long nowNs = load.clock().nanos();
          load.tally().start(nowNs);
          load.publisher().begin(conversation);
          return session.set(CONVERSATION, conversation).set(SINCE, nowNs);
        })
        .asLongAs(this::isPublishing)
        .on(pause(LOOK))
        .exec(group(GROUP).on(exec(GatlingRecords.action(this::published))))
        .exec(session -> session.set(ROUND, session.getInt(ROUND) + 1));
  }

  private boolean isPublishing(Session session) {
    Conversation conversation = session.get(CONVERSATION);
    return !conversation.isOver() && load.clock().nanos() - session.getLong(SINCE) < boundNs;
  }

  private Session published(GatlingRecords.Sink sink, Session session) {
    Conversation conversation = session.get(CONVERSATION);
    Outcome outcome =
        conversation.published() == conversation.tokens()
            ? Outcome.OK
            : conversation.isOver() ? Outcome.REFUSED : Outcome.TIMEOUT;
    Tally tally = load.tally();
    long nowNs = load.clock().nanos();
    tally.end(outcome, nowNs);
    for (int i = 0; i < conversation.published(); i++) {
      tally.event();
    }
    double ms = (nowNs - session.getLong(SINCE)) / 1e6;
    sink.log(session, "publish", ms, outcome == Outcome.OK ? null : outcome.counter());
    return session;
  }

  private ChainBuilder join() {
    return exec(session ->
            session.set(READER, load.reader(id(session).orElseThrow())).set(CONNECTED, false))
        .exec(requests.open("join"))
        .doIf(session -> !session.isFailed())
        .then(
            exec(
                session -> {
                  reader(session).onConnected();
                  return session.set(CONNECTED, true);
                }),
            exec(requests.read("stream")))
        .exec(group(GROUP).on(exec(GatlingRecords.action(this::joined))))
        .exec(RelayJourneys.leave(requests, "stream"));
  }

  private Session joined(GatlingRecords.Sink sink, Session session) {
    StreamReader reader = reader(session);
    Outcome failure = RelayJourneys.failure(session);
    if (reader.hasHeard()) {
      load.heard();
      Outcome outcome = reader.finish(failure);
      boolean ok = outcome == Outcome.OK;
      sink.log(session, "longest delivery lag", reader.lagMaxMs(), ok ? null : outcome.counter());
      return session
          .set(ROUND, session.getInt(ROUND) + 1)
          .set(SINCE, load.clock().nanos())
          .set(GOES_ON, load.joinsMore());
    }
    if (reader.producerEnded()) {
      return session.set(GOES_ON, false);
    }
    long waitedNs = load.clock().nanos() - session.getLong(SINCE);
    boolean waits = load.joinsMore() && waitedNs < load.settings().joinWithin().toNanos();
    if (!waits && failure != null && !session.getBoolean(CONNECTED)) {
      reader.giveUp(failure);
    }
    return session.set(GOES_ON, waits);
  }
}

package simulations.events;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import kpi.Outcome;
import kpi.Phase;
import simulations.run.GatlingRecords;
import simulations.run.Seat;
import simulations.run.SseStream;

/** The journeys of an event server's clients. */
public final class EventsJourneys {
  private static final String INTENDED = "intendedNs";
  private static final String RECORDER = "recorder";

  /** Longer than the server needs to notice that its client has left. */
  private static final Duration ABSENCE = Duration.ofMillis(50);

  private EventsJourneys() {}

  /** Returns the clients of a stage: each reads one stream after the other until it is over. */
  static PopulationBuilder clients(Stage stage, Streams streams) {
    ChainBuilder stream = stream(streams);
    return scenario(stage.name())
        .exec(stage.arrivals().arrive(INTENDED))
        .exec(stream)
        .asLongAs(session -> stage.arrivals().wantsMore())
        .on(stream)
        .injectOpen(stage.injection());
  }

  /**
   * Returns the clients of a stage: each reads one stream and leaves.
   *
   * @param arrived what the arrival of a client sets off
   */
  static PopulationBuilder once(Stage stage, Streams streams, Runnable arrived) {
    return scenario(stage.name())
        .exec(stage.arrivals().arrive(INTENDED))
        .exec(GatlingRecords.doing(session -> arrived.run()))
        .exec(stream(streams))
        .injectOpen(stage.injection());
  }

  /** Returns a client without an arrival of its own, that reads one stream. */
  static ChainBuilder client(Streams streams) {
    return exec(session -> session.set(INTENDED, streams.recording.nowNs())).exec(stream(streams));
  }

  /** One stream to its end, which is the intended start of the next one. */
  private static ChainBuilder stream(Streams streams) {
    String name = streams.name;
    String target = streams.target;
    Duration bound = streams.plan.bound();
    return exec(session ->
            SseStream.requested(
                session.set(RECORDER, new EventsRecorder(streams, session.getLong(INTENDED)))))
        .exec(EventsRequests.open(name + " connect", target))
        .doIf(session -> !session.isFailed())
        .then(exec(EventsJourneys::connected), exec(SseStream.read(name, bound)))
        .doIf(session -> !session.isFailed() && recorder(session).hasLeft())
        .then(
            exec(SseStream.close(name + " leave")),
            pause(ABSENCE),
            exec(session -> session.set(EventsRequests.LAST, recorder(session).resume())),
            exec(EventsRequests.resume(name + " resume", target)),
            doIf(session -> !session.isFailed())
                .then(
                    exec(EventsJourneys::connected),
                    exec(SseStream.read(name + " resumed", bound))))
        .asLongAs(session -> connectsAgain(session, streams))
        .on(
            exec(SseStream.end(name)),
            exec(EventsJourneys::again),
            exec(EventsRequests.resume(name + " again", target)),
            doIf(session -> !session.isFailed())
                .then(
                    exec(EventsJourneys::connected), exec(SseStream.read(name + " again", bound))))
        .exec(GatlingRecords.metrics((sink, session) -> finish(sink, session, streams)))
        .exec(SseStream.end(name))
        .exec(session -> session.set(INTENDED, streams.recording.nowNs()));
  }

  /** A client that was cut off connects again, if it is one that does. */
  private static boolean connectsAgain(Session session, Streams streams) {
    long sinceNs = streams.recording.nowNs() - session.getLong(INTENDED);
    return Seat.of(session).isPresent()
        && session.isFailed()
        && sinceNs < streams.plan.bound().toNanos();
  }

  private static Session again(Session session) {
    return SseStream.requested(session.set(EventsRequests.LAST, recorder(session).resume()));
  }

  private static Session connected(Session session) {
    return SseStream.connected(session, recorder(session).connected());
  }

  private static Session finish(GatlingRecords.Sink sink, Session session, Streams streams) {
    EventsRecorder recorder = recorder(session);
    Outcome outcome = recorder.finish(SseStream.failure(session));
    if (streams.recording.phase() == Phase.MEASURE) {
      if (recorder.firstMs() >= 0) {
        sink.log(session, "ttft", recorder.firstMs(), null);
      }
      sink.ended(session, streams.name + " ended", 1, outcome);
    }
    return outcome == Outcome.OK ? session.markAsSucceeded() : session.markAsFailed();
  }

  private static EventsRecorder recorder(Session session) {
    return session.get(RECORDER);
  }
}

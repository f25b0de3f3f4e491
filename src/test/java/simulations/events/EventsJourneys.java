package simulations.events;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.ActionBuilder;
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
  static final String INTENDED = "intendedNs";
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
    return exec(session -> SseStream.requested(begun(session, streams)))
        .exec(connection(name, EventsRequests.open(name + " connect", streams.target), streams))
        .doIf(session -> !session.isFailed() && recorder(session).hasLeft())
        .then(
            exec(SseStream.close(name + " leave")),
            pause(ABSENCE),
            exec(session -> session.set(EventsRequests.LAST, recorder(session).resume())),
            exec(rest(name + " resume", name + " resumed", streams)))
        .asLongAs(session -> connectsAgain(session, streams))
        .on(
            exec(SseStream.end(name)),
            exec(EventsJourneys::resuming),
            exec(rest(name + " again", name + " again", streams)))
        .exec(GatlingRecords.metrics((sink, session) -> finish(sink, session, streams)))
        .exec(SseStream.end(name))
        .exec(session -> session.set(INTENDED, streams.recording.nowNs()));
  }

  private static ChainBuilder rest(String request, String read, Streams streams) {
    return connection(read, EventsRequests.resume(request, streams.target), streams);
  }

  /** Requests a stream, or its rest, and reads it until it ends or its client has enough. */
  static ChainBuilder connection(String name, ActionBuilder request, Streams streams) {
    return exec(SseStream.within(streams.plan.bound(), request))
        .doIf(session -> !session.isFailed())
        .then(
            exec(session -> SseStream.connected(session, recorder(session).connected())),
            exec(SseStream.read(name, streams.plan.bound())));
  }

  /** Returns the session of a user with the recorder of a new stream. */
  static Session begun(Session session, Streams streams) {
    return session.set(RECORDER, new EventsRecorder(streams, session.getLong(INTENDED)));
  }

  /** Returns true if a stream that began so long ago has failed, however often it is resumed. */
  static boolean isLate(Session session, Streams streams) {
    long sinceNs = streams.recording.nowNs() - session.getLong(INTENDED);
    return sinceNs >= streams.plan.bound().toNanos();
  }

  /** A client that was cut off connects again, if it is one that does. */
  private static boolean connectsAgain(Session session, Streams streams) {
    return Seat.of(session).isPresent() && session.isFailed() && !isLate(session, streams);
  }

  /** Returns the session of a user who is about to request the rest of the stream. */
  static Session resuming(Session session) {
    return SseStream.requested(session.set(EventsRequests.LAST, recorder(session).resume()));
  }

  private static Session finish(GatlingRecords.Sink sink, Session session, Streams streams) {
    EventsRecorder recorder = recorder(session);
    Outcome failure = SseStream.failure(session);
    Outcome outcome = recorder.finish(failure);
    if (failure != null && outcome == failure) {
      boolean isConnected = SseStream.isConnected(session);
      streams.faults.add(SseStream.words(isConnected, failure, SseStream.why(session)), null);
    }
    if (streams.recording.phase() == Phase.MEASURE) {
      if (recorder.firstMs() >= 0) {
        sink.log(session, "ttft", recorder.firstMs(), null);
      }
      sink.ended(session, streams.name + " ended", 1, outcome);
    }
    return outcome == Outcome.OK ? session.markAsSucceeded() : session.markAsFailed();
  }

  static EventsRecorder recorder(Session session) {
    return session.get(RECORDER);
  }
}

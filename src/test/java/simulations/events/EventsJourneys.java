package simulations.events;

import static io.gatling.javaapi.core.CoreDsl.*;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import kpi.Outcome;
import kpi.Phase;
import simulations.events.EventsLoad.Stage;
import simulations.run.GatlingRecords;
import simulations.run.Seat;
import simulations.run.SseStream;

/** The journeys of an event server's clients. */
public final class EventsJourneys {
  static final String INTENDED = "intendedNs";
  private static final String RECORDER = "recorder";

  /** Longer than the server needs to notice that its client has left. */
  private static final Duration ABSENCE = Duration.ofMillis(50);

  private static final Duration LOOK = Duration.ofMillis(50);

  private EventsJourneys() {}

  /** How clients go on after a connection; by default those of a load that faults strike resume. */
  interface Recovery {
    /** Returns true if a client that arrives now requests a stream. */
    default boolean begins() {
      return true;
    }

    /** Takes the end of a connection. */
    default void ended(Session session) {}

    /** Returns true if the client requests the rest of its stream. */
    default boolean connectsAgain(Session session) {
      return Seat.of(session).isPresent() && session.isFailed();
    }

    /** Returns how long it waits before it does. */
    default Duration after() {
      return Duration.ZERO;
    }

    /** Returns true if the server was right to refuse the stream. */
    default boolean mayRefuse(Session session) {
      return false;
    }
  }

  /** Returns the clients of a stage: each reads one stream after the other until it is over. */
  static PopulationBuilder clients(Stage stage, Streams streams) {
    ChainBuilder stream = stream(streams);
    return scenario(stage.name())
        .exec(stage.arrivals().arrive(INTENDED))
        .exec(stream)
        .asLongAs(session -> stage.arrivals().wantsMore())
        .on(stream)
        .injectOpen(stage.arrivals().injection());
  }

  /** Returns the clients of a stage: each has {@code arrived}, reads one stream and leaves. */
  static PopulationBuilder once(Stage stage, Streams streams, Runnable arrived) {
    return scenario(stage.name())
        .exec(stage.arrivals().arrive(INTENDED))
        .exec(GatlingRecords.doing(session -> arrived.run()))
        .doIf(session -> streams.recovery.begins())
        .then(stream(streams))
        .injectOpen(stage.arrivals().injection());
  }

  /** Returns a single user, who waits until something is done, within a bound. */
  static PopulationBuilder until(String name, Duration bound, BooleanSupplier isDone) {
    return scenario(name)
        .asLongAsDuring(session -> !isDone.getAsBoolean(), bound)
        .on(pause(LOOK))
        .injectOpen(atOnceUsers(1));
  }

  /** Returns a client without an arrival of its own, that reads one stream. */
  static ChainBuilder client(Streams streams) {
    return exec(session -> session.set(INTENDED, streams.recording.nowNs())).exec(stream(streams));
  }

  /** One stream to its end, which is the intended start of the next one. */
  private static ChainBuilder stream(Streams streams) {
    String name = streams.name;
    return exec(session -> session.set(RECORDER, new EventsRecorder(streams, intendedNs(session))))
        .exec(connection(name, EventsRequests.open(name + " connect", streams.target), streams))
        .doIf(session -> !session.isFailed() && recorder(session).hasLeft())
        .then(exec(SseStream.close(name + " leave")), pause(ABSENCE), exec(rest(streams)))
        .asLongAs(session -> connectsAgain(session, streams))
        .on(exec(SseStream.end(name)), pause(streams.recovery.after()), exec(rest(streams)))
        .exec(GatlingRecords.metrics((sink, session) -> finish(sink, session, streams)))
        .exec(SseStream.end(name))
        .exec(session -> session.set(INTENDED, streams.recording.nowNs()));
  }

  private static ChainBuilder rest(Streams streams) {
    ActionBuilder request = EventsRequests.resume(streams.name + " resume", streams.target);
    return exec(session -> session.set(EventsRequests.LAST, recorder(session).resume()))
        .exec(connection(streams.name + " resumed", request, streams));
  }

  private static ChainBuilder connection(String name, ActionBuilder request, Streams streams) {
    return SseStream.stream(request, name, streams.plan.bound(), EventsJourneys::connected)
        .exec(GatlingRecords.doing(streams.recovery::ended));
  }

  private static Session connected(Session session) {
    recorder(session).onConnected();
    return SseStream.connected(session, recorder(session));
  }

  private static long intendedNs(Session session) {
    return session.getLong(INTENDED);
  }

  /** A stream that began so long ago has failed, however often it is resumed. */
  private static boolean connectsAgain(Session session, Streams streams) {
    long sinceNs = streams.recording.nowNs() - intendedNs(session);
    return sinceNs < streams.plan.bound().toNanos() && streams.recovery.connectsAgain(session);
  }

  private static Session finish(GatlingRecords.Sink sink, Session session, Streams streams) {
    EventsRecorder recorder = recorder(session);
    Outcome failure = SseStream.failure(session);
    boolean refused = streams.recovery.mayRefuse(session);
    Outcome outcome = refused ? recorder.refused() : recorder.finish(failure);
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

package simulations.events;

import static io.gatling.javaapi.core.CoreDsl.*;
import static simulations.run.GatlingRecords.doing;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kpi.Outcome;
import simulations.events.ShutdownSettings.Kind;
import simulations.events.Stop.End;
import simulations.run.GatlingRecords;
import simulations.run.SideWork;
import simulations.run.SseStream;

/** The journeys of clients whose server stops. */
final class ShutdownJourneys {
  private static final String FAILURE = "failure";
  private static final String OPENED = "opened";
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Stage stage;
  private final Streams streams;
  private final Stop stop;
  private final Duration reconnect;
  private final SideWork stopping;

  ShutdownJourneys(Stage stage, Streams streams, Stop stop, Duration reconnect) {
    this.stage = stage;
    this.streams = streams;
    this.stop = stop;
    this.reconnect = reconnect;
    this.stopping = new SideWork("stop", List.of(stop));
  }

  /**
   * Returns the clients, who stream until their server stops, or resume until the stage is over.
   */
  PopulationBuilder clients() {
    return scenario(stage.name())
        .exec(stage.arrivals().arrive(EventsJourneys.INTENDED))
        .exec(doing(session -> stopping.begin()))
        .doIf(session -> !stop.isSignalled() || stop.kind() == Kind.ROLLING)
        .then(stream())
        .injectOpen(stage.injection());
  }

  /** Returns a single user, who waits until the servers are there for the next stage. */
  PopulationBuilder restart() {
    return scenario(stage.name() + " restart")
        .asLongAs(session -> !stop.isDone())
        .on(pause(LOOK))
        .exec(doing(session -> stopping.end(Duration.ZERO)))
        .injectOpen(atOnceUsers(1));
  }

  private ChainBuilder stream() {
    return exec(session -> EventsJourneys.begun(session, streams).set(OPENED, false))
        .asLongAs(this::connects)
        .on(connection())
        .exec(GatlingRecords.metrics(this::finish));
  }

  /** One connection: the first one, or one that goes on where the one before ended. */
  private ChainBuilder connection() {
    String name = streams.name;
    return doIfOrElse(session -> session.getBoolean(OPENED))
        .then(
            pause(reconnect),
            exec(EventsJourneys::resuming),
            EventsJourneys.connection(
                name, EventsRequests.resume(name + " resume", streams.target), streams))
        .orElse(
            exec(SseStream::requested),
            EventsJourneys.connection(
                name, EventsRequests.open(name + " connect", streams.target), streams))
        .exec(this::ended)
        .exec(SseStream.end(name));
  }

  private boolean connects(Session session) {
    boolean first = !session.getBoolean(OPENED);
    return first
        || (stop.kind() == Kind.ROLLING
            && !EventsJourneys.recorder(session).hasEnough()
            && !EventsJourneys.isLate(session, streams));
  }

  private Session ended(Session session) {
    Outcome failure = SseStream.failure(session);
    boolean isStop = stop.isSignalled() && !EventsJourneys.recorder(session).hasEnough();
    if (isStop) {
      stop.ended(end(session, failure));
    }
    return session.set(OPENED, true).set(FAILURE, Optional.ofNullable(failure));
  }

  private static End end(Session session, Outcome failure) {
    if (!SseStream.isConnected(session)) {
      return End.REFUSED;
    }
    return failure == null
        ? End.PROPER
        : switch (failure) {
          case CLOSED_EARLY -> End.UNANNOUNCED;
          case TIMEOUT -> End.HUNG;
          default -> End.CUT;
        };
  }

  private Session finish(GatlingRecords.Sink sink, Session session) {
    Optional<Outcome> failure = session.get(FAILURE);
    // That a server that stops takes no request is right.
    boolean refused =
        stop.kind() != Kind.ROLLING && stop.isSignalled() && !SseStream.isConnected(session);
    EventsRecorder recorder = EventsJourneys.recorder(session);
    Outcome outcome = refused ? recorder.refused() : recorder.finish(failure.orElse(null));
    sink.ended(session, streams.name + " ended", 1, outcome);
    return session;
  }
}

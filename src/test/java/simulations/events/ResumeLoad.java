package simulations.events;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simulations.run.Arrivals;
import simulations.run.Checks;
import simulations.run.Run;

/**
 * Clients of one broadcast, who resume it by Last-Event-ID, and its publisher, which publishes one
 * event after the other and knows which of them the server has accepted. Thread-safe.
 */
public final class ResumeLoad extends EventsLoad<ResumeSettings> {
  private final Stage stage;
  private final Streams streams;
  private final Publisher publisher;

  /** Starts or reaches the server. */
  public ResumeLoad(EventsSettings<ResumeSettings> settings, Run run) {
    super(settings, run);
    Arrivals.Plan arrivals = plan.arrivals();
    this.stage = new Stage("clients", new Arrivals(run, "clients", arrivals), arrivals, run);
    this.streams = broadcast(stage, plan(stage.length()).of(plan.count()));
    this.publisher = publisher(plan.count(), plan.interval(), () -> streams.has(plan.clients()));
    streams.published(publisher::isAccepted);
  }

  public ChainBuilder warmUp() {
    return warmUp(plan.interval());
  }

  /** Returns the clients; what is published begins when all are there. */
  public PopulationBuilder clients() {
    return EventsJourneys.once(
        stage, streams, () -> publisher.begin(plan.rampup().plus(settings.server().timeout())));
  }

  /** Returns the checks that what the server accepted reached every client, once and in order. */
  public EventsAudit audit() {
    return new EventsAudit(this) {
      @Override
      public void check(Checks checks) {
        numbered(checks);
      }
    };
  }

  @Override
  List<Stage> stages() {
    return List.of(stage);
  }

  @Override
  public Optional<Gauge> gauge() {
    return Optional.empty();
  }

  @Override
  public Map<String, Long> counters() {
    long accepted = publisher.accepted();
    return Map.of("events_published", accepted, "events_refused", plan.count() - accepted);
  }
}

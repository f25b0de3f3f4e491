package simulations.events;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import simulations.run.Checks;
import simulations.run.Run;

/**
 * Clients of one broadcast, who resume it by Last-Event-ID, and its publisher, which publishes one
 * event after the other and knows which of them the server has accepted. Thread-safe.
 */
public final class ResumeLoad extends EventsLoad<ResumeSettings> {
  private final Publisher publisher;

  /** Starts or reaches the server; what is published begins when all clients are there. */
  public ResumeLoad(EventsSettings<ResumeSettings> settings, Run run) {
    super(settings, run);
    Stage stage = whole("clients", plan.arrivals());
    Streams streams = broadcast(stage, plan(stage.length()).of(plan.count()));
    this.publisher = publisher(plan.count(), plan.pace(), () -> streams.has(plan.clients()));
    streams.published(publisher::isAccepted);
    Duration within = plan.rampup().plus(settings.server().timeout());
    add(EventsJourneys.once(stage, streams, () -> publisher.begin(within)));
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
  public Optional<Gauge> gauge() {
    return Optional.empty();
  }

  @Override
  public Map<String, Long> counters() {
    long accepted = publisher.accepted();
    return Map.of("events_published", accepted, "events_refused", plan.count() - accepted);
  }
}

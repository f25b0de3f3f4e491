package simulations.events;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import simulations.run.Audit;
import simulations.run.Checks;
import simulations.run.Run;
import simulations.run.SideWork;

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
    BooleanSupplier isReady = () -> streams.has(plan.clients());
    this.publisher = publisher(stage, plan.count(), plan.pace(), isReady);
    streams.published(publisher.accepted()::contains);
    SideWork publishing = new SideWork("publisher", List.of(publisher));
    add(EventsJourneys.once(stage, streams, publishing::begin));
  }

  /** Returns the checks that what the server accepted reached every client, once and in order. */
  public Audit audit() {
    return new EventsAudit<>(this) {
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
    long accepted = publisher.accepted().size();
    return Map.of("events_published", accepted, "events_refused", plan.count() - accepted);
  }
}

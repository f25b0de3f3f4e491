package simulations.events;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import settings.Option;
import settings.Option.Form;
import simulations.run.Arrivals;
import simulations.run.Checks;
import simulations.run.Run;
import simulations.run.SideWork;

/**
 * Clients of one broadcast, who resume it by Last-Event-ID, and its publisher, which publishes one
 * event after the other and knows which of them the server has accepted. Thread-safe.
 */
public final class ResumeLoad extends EventsLoad<ResumeLoad.Plan> {
  /**
   * The load of clients of one broadcast, who resume it whenever they are cut off.
   *
   * @param hold time after the ramp in which events are published
   */
  public record Plan(
      @Option(in = "1..50000") int clients,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1s..1d") Duration hold,
      @Option(name = "interval", in = "1ms..1m", form = Form.MILLIS) Duration pace)
      implements EventsSettings.Plan {
    int count() {
      return (int) hold.dividedBy(pace);
    }

    /** Returns the arrivals of the clients. */
    public Arrivals.Plan arrivals() {
      return new Arrivals.Plan(clients, rampup, hold);
    }

    @Override
    public Duration longest(EventsSettings.Server server) {
      return rampup.plus(hold).plus(server.timeout().multipliedBy(2));
    }
  }

  private final Publisher publisher;

  public ResumeLoad(EventsSettings<Plan> settings, Run run) {
    super(settings, run);
    Stage stage = whole("clients", plan.arrivals());
    Streams streams = broadcast(stage, plan(stage.length()).of(plan.count()));
    BooleanSupplier isReady = () -> streams.connected.get() >= plan.clients();
    this.publisher = publisher(stage, plan.count(), plan.pace(), isReady);
    streams.published = publisher.accepted()::contains;
    SideWork publishing = new SideWork("publisher", List.of(publisher));
    add(EventsJourneys.once(stage, streams, publishing::begin));
  }

  /** What the server accepted reaches every client, once and in order. */
  @Override
  public void check(Checks checks) {
    audit.numbered(checks);
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

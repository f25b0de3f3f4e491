package simulations.events;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import simulations.run.Arrivals;
import simulations.run.OpenSchedule;
import simulations.run.OpenSchedule.Due;
import simulations.run.Run;

/**
 * Clients of one broadcast, who resume it by Last-Event-ID, and its publisher, which publishes one
 * event after the other and knows which of them the server has accepted. Thread-safe.
 */
public final class ResumeLoad extends EventsLoad<ResumeSettings> {
  private static final String BROADCAST = "/broadcast";

  /** A server that is suspended may take an event up to its end: it would not be known which. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final Stage stage;
  private final Streams streams;
  private final Set<Long> accepted = ConcurrentHashMap.newKeySet();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private OpenSchedule<Long> schedule;

  /** Starts or reaches the server. */
  public ResumeLoad(EventsSettings<ResumeSettings> settings, Run run) {
    super(settings, run);
    Arrivals.Plan arrivals = plan.arrivals();
    this.stage = new Stage("clients", new Arrivals(run, "clients", arrivals), arrivals, run);
    this.streams =
        new Streams(
            stage.name(),
            BROADCAST,
            plan(stage.length()).of(plan.count()),
            recording(),
            () -> true,
            Streams.Feed.BROADCAST);
    streams.published(accepted::contains);
  }

  public ChainBuilder warmUp() {
    return warmUp(plan.interval());
  }

  /** Returns the clients. */
  public PopulationBuilder clients() {
    return EventsJourneys.once(stage, streams, this::begin);
  }

  /** Begins to publish when all clients are there, with the arrival of the first. */
  private synchronized void begin() {
    if (schedule == null) {
      Duration all = plan.rampup().plus(plan.interval());
      schedule =
          new OpenSchedule<>(
              "publisher", run.nanoClock(), this::following, due -> due.forEach(this::publish));
      schedule.add(run.nanoClock().getAsLong() + all.toNanos(), 1L);
    }
  }

  private Optional<Due<Long>> following(Due<Long> due) {
    long nextNs = due.atNs() + plan.interval().toNanos();
    return due.item() < plan.count()
        ? Optional.of(new Due<>(nextNs, due.item() + 1))
        : Optional.empty();
  }

  private void publish(Due<Long> due) {
    URI url = targets.base().resolve(BROADCAST);
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .POST(HttpRequest.BodyPublishers.ofString("event-" + due.item() + " " + due.atNs()))
            .build();
    try {
      if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2) {
        accepted.add(due.item());
      }
    } catch (IOException e) {
      // The server is away: an event that it does not accept is one that no client receives.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    return Map.of(
        "events_published",
        (long) accepted.size(),
        "events_refused",
        (long) plan.count() - accepted.size());
  }
}

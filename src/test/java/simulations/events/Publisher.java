package simulations.events;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import simulations.run.OpenSchedule;
import simulations.run.OpenSchedule.Due;

/**
 * Publishes the events of one step, by an open schedule that begins when all clients are there. One
 * request is under way at a time, for of two the server may take the later one first; what waits
 * counts from its due time. Thread-safe.
 */
final class Publisher {
  private static final int LOOK = 0;
  private static final long LOOK_NS = 20_000_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI url;
  private final WatcherSettings plan;
  private final BooleanSupplier isReady;
  private final LongSupplier nanoClock;
  private OpenSchedule<Integer> schedule;
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
  private long giveUpNs;

  /**
   * @param url of the broadcast
   * @param isReady whether all clients are there
   */
  Publisher(URI url, WatcherSettings plan, BooleanSupplier isReady, LongSupplier nanoClock) {
    this.url = url;
    this.plan = plan;
    this.isReady = isReady;
    this.nanoClock = nanoClock;
  }

  /**
   * Begins to wait for the clients; later calls change nothing.
   *
   * @param within after which it publishes to those who are there
   */
  synchronized void begin(Duration within) {
    if (schedule == null) {
      giveUpNs = nanoClock.getAsLong() + within.toNanos();
      schedule =
          new OpenSchedule<>(
              "publisher", nanoClock, this::following, all -> all.forEach(this::publish));
      schedule.add(nanoClock.getAsLong(), LOOK);
    }
  }

  private Optional<Due<Integer>> following(Due<Integer> due) {
    if (due.item() == LOOK) {
      boolean begins = isReady.getAsBoolean() || due.atNs() >= giveUpNs;
      long next = due.atNs() + (begins ? plan.interval().toNanos() : LOOK_NS);
      return Optional.of(new Due<>(next, begins ? 1 : LOOK));
    }
    return due.item() < plan.count()
        ? Optional.of(new Due<>(due.atNs() + plan.interval().toNanos(), due.item() + 1))
        : Optional.empty();
  }

  private void publish(Due<Integer> due) {
    if (due.item() == LOOK) {
      return;
    }
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .POST(HttpRequest.BodyPublishers.ofString("event-" + due.item() + " " + due.atNs()))
            .build();
    // An event that the server does not take is one that no client receives.
    last =
        last.handle((response, failure) -> null)
            .thenCompose(
                unused -> CLIENT.sendAsync(request, HttpResponse.BodyHandlers.discarding()));
    if (due.item() == plan.count()) {
      schedule.close();
    }
  }
}

package simulations.events;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import simulations.run.Audit;

/**
 * Publishes events, each due by the plan once all clients are there, and knows which of them the
 * server has accepted. One request is under way at a time, for of two the server may take the later
 * one first; what waits counts from its due time. Thread-safe.
 *
 * @param isReady whether all clients are there
 * @param within after which it publishes to those who are there
 * @param accepted numbers, from 1
 */
record Publisher(
    URI url,
    int count,
    Duration interval,
    BooleanSupplier isReady,
    Duration within,
    LongSupplier nanoClock,
    Set<Long> accepted)
    implements Runnable {
  /** A server that is suspended may take an event up to its end: it would not be known which. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Override
  public void run() {
    var unused = Audit.until(within, isReady);
    long startNs = nanoClock.getAsLong();
    try {
      for (long number = 1; number <= count; number++) {
        long dueNs = startNs + number * interval.toNanos();
        while (dueNs > nanoClock.getAsLong() && !Thread.currentThread().isInterrupted()) {
          LockSupport.parkNanos(dueNs - nanoClock.getAsLong());
        }
        publish(number, dueNs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The run ends.
    }
  }

  private void publish(long number, long dueNs) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .POST(HttpRequest.BodyPublishers.ofString("event-" + number + " " + dueNs))
            .build();
    try {
      if (CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2) {
        accepted.add(number);
      }
    } catch (IOException e) {
      // The server is away: an event that it does not accept is one that no client receives.
    }
  }
}

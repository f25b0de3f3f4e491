package simulations.events;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import simulations.run.OpenSchedule;
import simulations.run.OpenSchedule.Due;

/**
 * Publishes events, by an open schedule that begins when all clients are there, and knows which of
 * them the server has accepted. One request is under way at a time, for of two the server may take
 * the later one first; what waits counts from its due time. Thread-safe.
 */
final class Publisher {
  private static final long LOOK = 0;
  private static final long LOOK_NS = 20_000_000;

  /** A server that is suspended may take an event up to its end: it would not be known which. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI url;
  private final int count;
  private final long intervalNs;
  private final BooleanSupplier isReady;
  private final LongSupplier nanoClock;
  private final Set<Long> accepted = ConcurrentHashMap.newKeySet();
  private OpenSchedule<Long> schedule;
  private long giveUpNs;

  /**
   * @param url of the broadcast
   * @param isReady whether all clients are there
   */
  Publisher(
      URI url, int count, Duration interval, BooleanSupplier isReady, LongSupplier nanoClock) {
    this.url = url;
    this.count = count;
    this.intervalNs = interval.toNanos();
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

  /** Returns true if the server has accepted an event, by its number from 1. */
  boolean isAccepted(long number) {
    return accepted.contains(number);
  }

  /** Returns the number of events that the server has accepted. */
  long accepted() {
    return accepted.size();
  }

  private Optional<Due<Long>> following(Due<Long> due) {
    if (due.item() == LOOK) {
      boolean begins = isReady.getAsBoolean() || due.atNs() >= giveUpNs;
      long next = due.atNs() + (begins ? intervalNs : LOOK_NS);
      return Optional.of(new Due<>(next, begins ? 1 : LOOK));
    }
    return due.item() < count
        ? Optional.of(new Due<>(due.atNs() + intervalNs, due.item() + 1))
        : Optional.empty();
  }

  private void publish(Due<Long> due) {
    if (due.item() == LOOK) {
      return;
    }
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .POST(HttpRequest.BodyPublishers.ofString("event-" + due.item() + " " + due.atNs()))
            .build();
    try {
      if (CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2) {
        accepted.add(due.item());
      }
    } catch (IOException e) {
      // The server is away: an event that it does not accept is one that no client receives.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (due.item() == count) {
      schedule.close();
    }
  }
}

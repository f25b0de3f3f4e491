package simulations.relay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import stack.NatsServer;
import stack.StackFailure;
import verdict.Check;

/**
 * Takes NATS away when the load is over, and gives it back: whoever cannot work without it must say
 * so, and be ready again by itself.
 */
final class OutageProbe {
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final Duration ASK_BOUND = Duration.ofSeconds(1);
  private static final long LOOK_MS = 50;
  private static final int READY = 200;
  private static final int UNREADY = 503;

  private final NatsServer nats;
  private final Map<String, URI> targets;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(ASK_BOUND).build();

  /**
   * @param nats that the targets need
   * @param targets addresses by process
   */
  OutageProbe(NatsServer nats, Map<String, URI> targets) {
    this.nats = nats;
    this.targets = targets;
  }

  /** Takes away, looks, gives back, looks; some seconds. */
  Check check() {
    List<String> wrong = new ArrayList<>();
    try {
      nats.kill();
      targets.forEach(
          (name, url) -> {
            if (!becomes(url, UNREADY)) {
              wrong.add(name + " went on saying that it is ready");
            }
          });
      nats.restart();
      targets.forEach(
          (name, url) -> {
            if (!becomes(url, READY)) {
              wrong.add(name + " did not get ready again");
            }
          });
    } catch (StackFailure e) {
      wrong.add(e.getMessage());
    }
    return Check.invariant(
        "nats_loss_shown",
        wrong.isEmpty(),
        wrong.isEmpty() ? "shown" : String.join(", ", wrong),
        "not ready within 10 s, and ready again",
        wrong.isEmpty()
            ? "While NATS was away the relay said that it is not ready, and got ready by itself."
            : "NATS was taken away after the load, and " + String.join(", ", wrong) + ".");
  }

  private boolean becomes(URI url, int status) {
    for (long waitedMs = 0; waitedMs < BOUND.toMillis(); waitedMs += LOOK_MS) {
      if (status(url) == status) {
        return true;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  private int status(URI url) {
    HttpRequest request = HttpRequest.newBuilder(url.resolve("/readyz")).timeout(ASK_BOUND).build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}

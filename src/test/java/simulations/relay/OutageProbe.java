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
import simulations.run.Settling;
import stack.NatsServer;
import stack.StackFailure;
import verdict.Check;

/**
 * Stops NATS when the load is over, and starts it again: a target that cannot work without it must
 * report that it is not ready, and recover by itself.
 */
final class OutageProbe {
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(1);
  private static final int READY = 200;
  private static final int UNREADY = 503;

  private final NatsServer nats;
  private final Map<String, URI> targets;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(ANSWER_BOUND).build();

  /**
   * @param nats that the targets need
   * @param targets addresses by process
   */
  OutageProbe(NatsServer nats, Map<String, URI> targets) {
    this.nats = nats;
    this.targets = targets;
  }

  /** Stops NATS, observes the targets, restarts it, and observes them again; some seconds. */
  Check check() {
    List<String> wrong = new ArrayList<>();
    try {
      nats.kill();
      targets.forEach(
          (name, url) -> {
            if (!becomes(url, UNREADY)) {
              wrong.add(name + " went on reporting that it is ready");
            }
          });
      nats.restart();
      targets.forEach(
          (name, url) -> {
            if (!becomes(url, READY)) {
              wrong.add(name + " did not become ready again");
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
            ? "While NATS was away the relay reported that it is not ready, and recovered by"
                + " itself."
            : "NATS was stopped after the load, and " + String.join(", ", wrong) + ".");
  }

  private boolean becomes(URI url, int status) {
    return Settling.until(BOUND, () -> status(url) == status);
  }

  private int status(URI url) {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/readyz")).timeout(ANSWER_BOUND).build();
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

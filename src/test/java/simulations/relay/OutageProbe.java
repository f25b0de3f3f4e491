package simulations.relay;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import simulations.run.Audit;
import stack.NatsServer;
import stack.StackFailure;
import verdict.Check;

/**
 * Stops NATS when the load is over, and starts it again: a target that cannot work without it must
 * report that it is not ready, and recover by itself.
 *
 * @param targets addresses by process
 */
record OutageProbe(NatsServer nats, Map<String, URI> targets) {
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final int ANSWER_BOUND_MS = 1_000;

  /** Takes some seconds. */
  Check check() {
    List<String> wrong = new ArrayList<>();
    try {
      nats.kill();
      expect(503, " went on reporting that it is ready", wrong);
      nats.restart();
      expect(200, " did not become ready again", wrong);
    } catch (StackFailure e) {
      wrong.add(e.getMessage());
    }
    boolean shown = wrong.isEmpty();
    String words = String.join(", ", wrong);
    return Check.invariant(
        "nats_loss_shown",
        shown,
        shown ? "shown" : words,
        "not ready within 10 s, and ready again",
        shown
            ? "While NATS was away the relay reported that it is not ready, and recovered by"
                + " itself."
            : "NATS was stopped after the load, and " + words + ".");
  }

  private void expect(int status, String otherwise, List<String> wrong) {
    targets.forEach(
        (name, url) -> {
          if (!Audit.until(BOUND, () -> status(url) == status)) {
            wrong.add(name + otherwise);
          }
        });
  }

  private static int status(URI url) {
    try {
      var probe = (HttpURLConnection) url.resolve("/readyz").toURL().openConnection();
      probe.setConnectTimeout(ANSWER_BOUND_MS);
      probe.setReadTimeout(ANSWER_BOUND_MS);
      return probe.getResponseCode();
    } catch (IOException e) {
      return 0;
    }
  }
}

package targets.ticker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import targets.shared.Json;
import targets.shared.Target;

/** Publishers of a test. */
public final class Publishers {
  private static final long POLL_NS = 10_000_000;

  private Publishers() {}

  /** One that begins at once, with options by their names, without dashes. */
  public static Target start(URI nats, String... namesAndValues) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("port", "0");
    options.put("nats", nats.toString());
    for (int index = 0; index < namesAndValues.length; index += 2) {
      options.put(namesAndValues[index], namesAndValues[index + 1]);
    }
    return PublisherServer.SPEC.start(options);
  }

  /** Publishes so many messages of these kinds, 1,000 of them a second. */
  public static JsonNode publish(URI nats, String kinds, int count) {
    try (Target publisher =
        start(
            nats,
            "kinds",
            kinds,
            "count",
            Integer.toString(count),
            "rate",
            "1000",
            "tokens",
            "2")) {
      return awaitEnd(publisher);
    }
  }

  /** Waits until everything is published; returns the metrics then. */
  public static JsonNode awaitEnd(Target publisher) {
    JsonNode metrics = metrics(publisher);
    while (!metrics.get("done").asBoolean()) {
      LockSupport.parkNanos(POLL_NS);
      metrics = metrics(publisher);
    }
    return metrics;
  }

  public static JsonNode metrics(Target publisher) {
    try {
      URI url = URI.create("http://127.0.0.1:" + publisher.port() + "/metrics");
      return Json.MAPPER.readTree(
          ((HttpURLConnection) url.toURL().openConnection()).getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

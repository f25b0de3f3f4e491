package kpi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import process.ProcessFigures;

/**
 * Where the figures of one process come from: its own {@code /metrics}, or this JVM. Thread-safe.
 */
public final class MetricsSource {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration BOUND = Duration.ofMillis(900);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(BOUND).version(HttpClient.Version.HTTP_1_1).build();

  private final String process;
  private final HttpRequest request;

  private MetricsSource(String process, HttpRequest request) {
    this.process = process;
    this.request = request;
  }

  /** The process that runs this code. */
  public static MetricsSource own(String process) {
    return new MetricsSource(process, null);
  }

  /**
   * A process that answers JSON with a {@code process} block.
   *
   * @param process its name in the run
   * @param url the address of its metrics
   */
  public static MetricsSource at(String process, URI url) {
    return new MetricsSource(
        process,
        HttpRequest.newBuilder(url).timeout(BOUND).header("Accept", "application/json").build());
  }

  /** The process's name in the run. */
  public String process() {
    return process;
  }

  /**
   * The figures now; a missing node if none came within {@code BOUND}, for whatever reason: a
   * sample without a figure says so itself.
   */
  public CompletableFuture<JsonNode> read() {
    if (request == null) {
      JsonNode own = MAPPER.valueToTree(ProcessFigures.now().asMap());
      return CompletableFuture.completedFuture(MAPPER.createObjectNode().set("process", own));
    }
    return CLIENT
        .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
        .thenApply(MetricsSource::json)
        .completeOnTimeout(MissingNode.getInstance(), BOUND.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> MissingNode.getInstance());
  }

  private static JsonNode json(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      return MissingNode.getInstance();
    }
    try {
      return MAPPER.readTree(response.body());
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}

package kpi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Reads the figures of one process: from its own {@code /metrics}, this JVM, or the system.
 * Thread-safe.
 *
 * @param reading of the figures; a missing node if none came within {@code BOUND}: the sample then
 *     records the gap
 */
public record MetricsSource(String process, Supplier<CompletableFuture<JsonNode>> reading) {
  private static final Duration BOUND = Duration.ofMillis(900);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(BOUND).version(HttpClient.Version.HTTP_1_1).build();

  /** Returns the source for the process that runs this code. */
  public static MetricsSource own(String process) {
    return new MetricsSource(process, () -> block(Optional.of(ProcessFigures.now())));
  }

  /**
   * Returns the source for a program without metrics and all that it started; on Linux.
   *
   * @param pid read each time, for a restarted program has another one
   */
  public static MetricsSource ofTree(String process, LongSupplier pid) {
    return new MetricsSource(process, () -> block(ProcessFigures.ofTree(pid.getAsLong())));
  }

  /**
   * Returns the source for a process that serves JSON with a {@code process} block. One whose name
   * is no host name to Java, as with an underscore, cannot be read.
   */
  public static MetricsSource at(String process, URI url) {
    if (url.getHost() == null) {
      return new MetricsSource(process, () -> block(Optional.empty()));
    }
    HttpRequest request =
        HttpRequest.newBuilder(url).timeout(BOUND).header("Accept", "application/json").build();
    return new MetricsSource(
        process,
        () ->
            CLIENT
                .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(MetricsSource::json)
                .completeOnTimeout(
                    MissingNode.getInstance(), BOUND.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> MissingNode.getInstance()));
  }

  public CompletableFuture<JsonNode> read() {
    return reading.get();
  }

  private static CompletableFuture<JsonNode> block(Optional<?> process) {
    Optional<JsonNode> block =
        process.map(figures -> JsonFile.MAPPER.valueToTree(Map.of("process", figures)));
    return CompletableFuture.completedFuture(block.orElse(MissingNode.getInstance()));
  }

  private static JsonNode json(HttpResponse<byte[]> response) {
    try {
      return response.statusCode() == 200
          ? JsonFile.MAPPER.readTree(response.body())
          : MissingNode.getInstance();
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}

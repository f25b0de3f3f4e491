package targets.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import targets.shared.Json;
import targets.shared.Target;
import targets.shared.TargetSpec;
import testing.RawClient;

/** A proxy on a free port in front of a test's upstream. */
public record RunningProxy(Target target, HttpClient http) implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(10);

  public static RunningProxy before(ScriptedUpstream upstream, String... settings) {
    return before(upstream.url(), settings);
  }

  public static RunningProxy before(String upstream, String... settings) {
    return before(ProxyServer.SPEC, upstream, settings);
  }

  /** A proxy of another specification. */
  public static RunningProxy before(TargetSpec spec, String upstream, String... settings) {
    Map<String, String> values = new HashMap<>(Map.of("port", "0", "drain", "1s"));
    values.put("upstream", upstream);
    for (String setting : settings) {
      String[] words = setting.split("=", 2);
      values.put(words[0], words[1]);
    }
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return new RunningProxy(spec.start(values), http);
  }

  public int port() {
    return target.port();
  }

  public RawClient client() throws IOException {
    return new RawClient(port());
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(BOUND)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  public JsonNode metrics() throws IOException, InterruptedException {
    return Json.MAPPER.readTree(get("/metrics").body());
  }

  public long counter(String name) throws IOException, InterruptedException {
    return metrics().get("proxy").get(name).asLong();
  }

  /** Waits until a counter has reached a value, at most 10 s; answers its last value. */
  public long awaitCounter(String name, long value) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    long now = counter(name);
    while (now != value && System.nanoTime() < deadline) {
      LockSupport.parkNanos(5_000_000);
      now = counter(name);
    }
    return now;
  }

  /** Drains and stops it within the test. */
  public void stop() {
    target.close();
  }

  @Override
  public void close() {
    target.close();
  }
}

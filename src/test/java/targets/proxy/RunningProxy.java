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

/** A proxy on a free port in front of a test's upstream, which plays a script. */
public final class RunningProxy implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ScriptedUpstream upstream;
  private final Target target;

  private RunningProxy(TargetSpec spec, ScriptedUpstream upstream, String... settings) {
    this.upstream = upstream;
    Map<String, String> values = new HashMap<>(Map.of("port", "0", "drain", "1s"));
    values.put("upstream", upstream.url());
    for (String setting : settings) {
      String[] words = setting.split("=", 2);
      values.put(words[0], words[1]);
    }
    target = spec.start(values);
  }

  /**
   * @param settings {@code name=value}
   */
  public static RunningProxy before(ScriptedUpstream.Script script, String... settings) {
    return before(ProxyServer.SPEC, script, settings);
  }

  public static RunningProxy before(
      TargetSpec spec, ScriptedUpstream.Script script, String... settings) {
    return new RunningProxy(spec, new ScriptedUpstream(script), settings);
  }

  public ScriptedUpstream upstream() {
    return upstream;
  }

  public RawClient client() throws IOException {
    return new RawClient(target.port());
  }

  RawClient slowClient(int receiveBuffer) throws IOException {
    return new RawClient(target.port(), receiveBuffer);
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(path, HttpResponse.BodyHandlers.ofString());
  }

  <T> HttpResponse<T> get(String path, HttpResponse.BodyHandler<T> body)
      throws IOException, InterruptedException {
    URI url = URI.create("http://127.0.0.1:" + target.port() + path);
    return http.send(HttpRequest.newBuilder(url).timeout(BOUND).build(), body);
  }

  JsonNode metrics() throws IOException, InterruptedException {
    return Json.MAPPER.readTree(get("/metrics").body());
  }

  public long counter(String name) throws IOException, InterruptedException {
    return metrics().get("proxy").get(name).asLong();
  }

  /** Waits until a counter has reached a value, at most 10 s; returns its last value. */
  public long awaitCounter(String name, long value) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    long now = counter(name);
    while (now != value && System.nanoTime() < deadline) {
      LockSupport.parkNanos(5_000_000);
      now = counter(name);
    }
    return now;
  }

  /** Drains and stops the proxy within the test. */
  void stop() {
    target.close();
  }

  @Override
  public void close() throws IOException {
    target.close();
    upstream.close();
  }
}

package targets.proxy;

import com.fasterxml.jackson.core.type.TypeReference;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import targets.shared.Json;
import targets.shared.Replies;

/**
 * Fetches the health and the metrics of the upstream, on connections of its own, bounded in time
 * and size. Thread-safe.
 */
final class UpstreamWatch {
  private static final Duration BOUND = Duration.ofMillis(500);
  private static final int MAX_BYTES = 256 * 1024;

  /** A probe's outcome serves this long, so that many probes do not load the upstream. */
  private static final long HEALTH_AGE_NS = 200_000_000;

  private record Health(boolean well, long atNs) {}

  private final ProxySettings settings;
  private final LongSupplier nanoClock;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(BOUND).build();
  private volatile Health health;
  private volatile Map<String, Object> deepServer = Map.of();

  UpstreamWatch(ProxySettings settings, LongSupplier nanoClock) {
    this.settings = settings;
    this.nanoClock = nanoClock;
  }

  /**
   * Answers 200 if the upstream answers its own {@code /health}, with anything but a server error:
   * an upstream that has no such path is well too, and of several upstreams one is enough.
   */
  void health(EventLoop loop, Consumer<FullHttpResponse> reply) {
    Health last = health;
    if (last != null && nanoClock.getAsLong() - last.atNs < HEALTH_AGE_NS) {
      reply.accept(reply(last));
    } else {
      probe(loop, 0, reply);
    }
  }

  private void probe(EventLoop loop, int place, Consumer<FullHttpResponse> reply) {
    fetch(
        loop,
        place,
        "/health",
        status -> status >= 200 && status < 500,
        body -> {
          if (body.isEmpty() && place + 1 < settings.upstream().all().size()) {
            probe(loop, place + 1, reply);
          } else {
            health = new Health(body.isPresent(), nanoClock.getAsLong());
            reply.accept(reply(health));
          }
        });
  }

  /** Fetches the first upstream's metrics for {@link #deepServer}, then goes on. */
  void metrics(EventLoop loop, Runnable then) {
    fetch(
        loop,
        0,
        "/metrics",
        status -> status == 200,
        body -> {
          deepServer = body.map(UpstreamWatch::parse).orElse(Map.of());
          then.run();
        });
  }

  /** Returns the upstream's metrics as last fetched; empty if they could not be fetched. */
  Map<String, Object> deepServer() {
    return deepServer;
  }

  private static FullHttpResponse reply(Health health) {
    return health.well
        ? Replies.json(HttpResponseStatus.OK, Map.of("status", "ok"))
        : ProxyReplies.unavailable("the upstream does not answer", "upstream_unhealthy");
  }

  private static Map<String, Object> parse(String body) {
    try {
      return Json.MAPPER.readValue(body, new TypeReference<Map<String, Object>>() {});
    } catch (IOException e) {
      return Map.of(); // An upstream without JSON metrics has none here.
    }
  }

  /** Hands on the body of an answer with a good status, on the event loop; empty without one. */
  private void fetch(
      EventLoop loop, int place, String path, IntPredicate good, Consumer<Optional<String>> then) {
    URI url = settings.upstream().all().get(place).resolve(path);
    HttpRequest request =
        HttpRequest.newBuilder(url).timeout(BOUND).header("Accept", "application/json").build();
    var unused =
        client
            .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
            .thenApplyAsync(response -> text(loop, response, good))
            .orTimeout(BOUND.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(failure -> Optional.empty())
            .thenAcceptAsync(then, loop);
  }

  private static Optional<String> text(
      EventLoop loop, HttpResponse<InputStream> response, IntPredicate good) {
    try (InputStream body = response.body()) {
      Callable<Void> cutOff =
          () -> {
            response.body().close(); // Ends a read that would wait for ever.
            return null;
          };
      var unused = loop.schedule(cutOff, BOUND.toMillis(), TimeUnit.MILLISECONDS);
      byte[] bytes = body.readNBytes(MAX_BYTES);
      boolean taken = good.test(response.statusCode()) && bytes.length < MAX_BYTES;
      return taken ? Optional.of(new String(bytes, StandardCharsets.UTF_8)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

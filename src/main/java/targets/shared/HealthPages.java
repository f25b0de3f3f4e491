package targets.shared;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The pages that targets on Netty share: {@code /health} and {@code /readyz} answer 503 with the
 * reason while a dependency is away, {@code /healthz} reports only that the process lives.
 * Thread-safe.
 */
public final class HealthPages {
  private final Supplier<Optional<String>> unready;
  private final Metrics metrics;

  /**
   * @param unready why no work can be done now; empty if it can
   * @param metrics the page of figures
   */
  public HealthPages(Supplier<Optional<String>> unready, Metrics metrics) {
    this.unready = unready;
    this.metrics = metrics;
  }

  /** The reply to a request for a page, or to one for nothing that is here. */
  public FullHttpResponse reply(HttpRequest request, String path) {
    boolean known =
        switch (path) {
          case "/health", "/healthz", "/readyz", Metrics.PATH, Metrics.PROMETHEUS_PATH -> true;
          default -> false;
        };
    if (!known) {
      return error(HttpResponseStatus.NOT_FOUND, "nothing is at " + path);
    }
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      return wrongMethod("GET, HEAD");
    }
    return switch (path) {
      case "/healthz" -> Replies.json(HttpResponseStatus.OK, Map.of("status", "ok"));
      case "/health", "/readyz" -> ready();
      default -> metrics.reply(request);
    };
  }

  /** A refusal with its reason. */
  public static FullHttpResponse error(HttpResponseStatus status, String reason) {
    return Replies.json(status, Map.of("error", reason));
  }

  /** The refusal of a method. */
  public static FullHttpResponse wrongMethod(String allowed) {
    FullHttpResponse reply =
        error(HttpResponseStatus.METHOD_NOT_ALLOWED, "the method must be one of " + allowed);
    reply.headers().set(HttpHeaderNames.ALLOW, allowed);
    return reply;
  }

  private FullHttpResponse ready() {
    Optional<String> reason = unready.get();
    if (reason.isEmpty()) {
      return Replies.json(HttpResponseStatus.OK, Map.of("status", "ok"));
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", "unready");
    body.put("reason", reason.get());
    return Replies.json(HttpResponseStatus.SERVICE_UNAVAILABLE, body);
  }
}

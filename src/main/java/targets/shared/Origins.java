package targets.shared;

import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.cors.CorsConfig;
import io.netty.handler.codec.http.cors.CorsConfigBuilder;
import io.netty.handler.codec.http.cors.CorsHandler;
import java.util.List;
import java.util.Optional;
import settings.Option;

/**
 * The origins of pages that may use a target (CORS). If there are any, the pipelines of {@link
 * Service} answer other pages, at the upgrade to a WebSocket too, by 403. Programs that are no
 * browsers send no origin, and are not checked.
 */
public record Origins(
    @Option(
            matches = "\\*|https?://[A-Za-z0-9.\\[\\]:-]+",
            otherwise = "is not an origin such as http://localhost:3000, or *",
            help = "origins of pages that may use it, such as http://localhost:3000, or *")
        List<String> allowOrigin) {
  private static final long PREFLIGHT_S = 600;

  /** Returns true if pages of every origin are allowed. */
  public boolean isAny() {
    return allowOrigin.contains("*");
  }

  /**
   * Returns the answer to a page that goes no further: a preflight, or one of another origin; empty
   * for any other request, and if no origin is allowed. For pipelines without {@link Service#fill}.
   */
  public Optional<FullHttpResponse> answer(HttpRequest request) {
    if (allowOrigin.isEmpty() || !request.headers().contains(HttpHeaderNames.ORIGIN)) {
      return Optional.empty();
    }
    EmbeddedChannel channel = new EmbeddedChannel(handler().orElseThrow());
    boolean goesOn = channel.writeInbound(request);
    FullHttpResponse answer = channel.readOutbound();
    var unused = channel.close();
    return goesOn ? Optional.empty() : Optional.of(answer);
  }

  /** Marks a response to a page of an allowed origin as readable; for the same pipelines. */
  public void mark(HttpHeaders request, HttpHeaders response) {
    String origin = request.get(HttpHeaderNames.ORIGIN);
    if (origin != null && (isAny() || allowOrigin.contains(origin))) {
      response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, isAny() ? "*" : origin);
      response.add(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
    }
  }

  /** Returns a handler for one connection, behind its codec; empty if no origin is allowed. */
  Optional<ChannelHandler> handler() {
    if (allowOrigin.isEmpty()) {
      return Optional.empty();
    }
    CorsConfig config =
        (isAny()
                ? CorsConfigBuilder.forAnyOrigin()
                : CorsConfigBuilder.forOrigins(allowOrigin.toArray(String[]::new)))
            .allowedRequestMethods(
                HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE)
            .allowedRequestHeaders(
                HttpHeaderNames.CONTENT_TYPE,
                HttpHeaderNames.AUTHORIZATION,
                HttpHeaderNames.CACHE_CONTROL,
                "last-event-id")
            .maxAge(PREFLIGHT_S)
            .shortCircuit()
            .build();
    return Optional.of(new CorsHandler(config));
  }
}

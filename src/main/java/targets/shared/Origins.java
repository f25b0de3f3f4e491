package targets.shared;

import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
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
    @Option(help = "origins of pages that may use it, such as http://localhost:3000, or *")
        List<String> allowOrigin) {
  /** No page of another origin may read anything, and the origin of an upgrade is not checked. */
  public static final Origins NONE = new Origins(List.of());

  private static final long PREFLIGHT_S = 600;

  /** Returns true if pages of every origin are allowed. */
  public boolean isAny() {
    return allowOrigin.contains("*");
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

package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import targets.shared.Counters;
import targets.shared.Origins;
import targets.shared.Replies;

/**
 * Decides about each request, and rewrites what goes on. Immutable.
 *
 * @param straight whether every path goes straight through, {@code /sse} too
 * @param origins of pages that may read
 */
record ProxyRoutes(String upstreamHost, boolean straight, Origins origins) {
  /** The answer to a request. */
  interface Route {
    void take(ClientSide client);
  }

  /**
   * Goes to the upstream.
   *
   * @param head with this hop's headers
   * @param body known beforehand, never released; empty if it is passed on as the client sends it
   */
  record Forward(HttpRequest head, Optional<ByteBuf> body, boolean isHttp11) implements Route {
    boolean canBeSentAgain() {
      return body.isPresent();
    }

    @Override
    public void take(ClientSide client) {
      client.forward(this);
    }
  }

  private static final String CHAT = "/v1/chat/completions";
  private static final String PATHS =
      "no such path; there are /sse, /v1/…, /health, /metrics and /metrics/prometheus";
  private static final String CLIENT_ID = "client_id";
  private static final ByteBuf CHAT_BODY =
      Unpooled.unreleasableBuffer(
          Unpooled.wrappedBuffer(
              ("{\"model\":\"gpt-4-turbo\",\"messages\":[{\"role\":\"user\","
                      + "\"content\":\"Tell me about realtime systems.\"}],\"stream\":true}")
                  .getBytes(StandardCharsets.UTF_8)));

  /** Returns the way of a request; the client's address goes into {@code X-Forwarded-For}. */
  Route of(HttpRequest request, String clientAddress) {
    if (request.decoderResult().isFailure()) {
      return wrong(request.decoderResult().cause());
    }
    int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || (hosts == 0 && isHttp11(request))) {
      return last(400, "exactly one Host header is needed", "bad_host");
    }
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty() && !HopByHop.isChunked(codings)) {
      return last(501, "the only transfer coding taken is chunked", "unknown_transfer_coding");
    }
    Optional<FullHttpResponse> toPage = origins.answer(request);
    if (toPage.isPresent()) {
      return client -> client.reply(toPage.get());
    }
    String target = originForm(request.uri());
    String path = target.split("\\?", 2)[0];
    return switch (path) {
      case "/health", "/readyz" -> ClientSide::health;
      case "/healthz" ->
          client -> client.reply(Replies.json(HttpResponseStatus.OK, Map.of("status", "ok")));
      case Counters.PATH, Counters.PROMETHEUS_PATH -> client -> client.metrics(request);
      default -> passed(path, request, target, clientAddress);
    };
  }

  private Route passed(String path, HttpRequest request, String target, String clientAddress) {
    if (straight || path.startsWith("/v1/")) {
      return straight(request, target, clientAddress);
    }
    return path.equals("/sse")
        ? sse(request, target, clientAddress)
        : reply(404, PATHS, "not_found");
  }

  private static Route reply(int status, String message, String code) {
    return client -> client.reply(ProxyReplies.error(status, message, code));
  }

  /** Answers a request that is wrong beyond going on: its connection ends with the reply. */
  private static Route last(int status, String message, String code) {
    return client -> client.reply(ProxyReplies.error(status, message, code), true);
  }

  private static Route wrong(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return last(414, "the request's head is too large", "head_too_large");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return last(431, "the request's head is too large", "head_too_large");
    }
    return last(400, "the request is not HTTP/1.1", "bad_request");
  }

  private Route sse(HttpRequest request, String target, String clientAddress) {
    if (!HttpMethod.GET.equals(request.method())) {
      FullHttpResponse answer =
          ProxyReplies.error(405, "only GET is answered here", "method_not_allowed");
      answer.headers().set(HttpHeaderNames.ALLOW, "GET");
      return client -> client.reply(answer);
    }
    if (clientId(target).isBlank()) {
      return reply(400, "the query needs client_id", "missing_client_id");
    }
    String query =
        Arrays.stream(target.substring(target.indexOf('?') + 1).split("&", -1))
            .filter(part -> !part.equals(CLIENT_ID) && !part.startsWith(CLIENT_ID + "="))
            .collect(Collectors.joining("&"));
    HttpHeaders headers = request.headers().copy();
    headers.remove(HttpHeaderNames.EXPECT);
    hop(headers, request, clientAddress);
    headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    headers.setInt(HttpHeaderNames.CONTENT_LENGTH, CHAT_BODY.readableBytes());
    String uri = query.isEmpty() ? CHAT : CHAT + "?" + query;
    HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, uri, headers);
    return new Forward(head, Optional.of(CHAT_BODY), isHttp11(request));
  }

  private Route straight(HttpRequest request, String target, String clientAddress) {
    boolean chunked = HttpUtil.isTransferEncodingChunked(request);
    long length = HttpUtil.getContentLength(request, 0L);
    HttpHeaders headers = request.headers().copy();
    hop(headers, request, clientAddress);
    // After the hop's headers: a Connection header must not take the framing away.
    if (chunked) {
      headers.remove(HttpHeaderNames.CONTENT_LENGTH);
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    } else if (request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
    }
    Optional<ByteBuf> body =
        chunked || length > 0 ? Optional.empty() : Optional.of(Unpooled.EMPTY_BUFFER);
    HttpRequest head =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, request.method(), target, headers);
    return new Forward(head, body, isHttp11(request));
  }

  private void hop(HttpHeaders headers, HttpRequest request, String clientAddress) {
    HopByHop.strip(headers);
    headers.set(HttpHeaderNames.HOST, upstreamHost);
    HopByHop.addVia(headers, request.protocolVersion().text());
    HopByHop.addForwardedFor(headers, clientAddress);
  }

  private static String clientId(String target) {
    try {
      List<String> ids = new QueryStringDecoder(target).parameters().get(CLIENT_ID);
      return ids == null ? "" : ids.get(0);
    } catch (IllegalArgumentException e) {
      return ""; // A query that cannot be decoded names no client.
    }
  }

  /** The target without scheme and authority, which clients of a proxy may send. */
  private static String originForm(String uri) {
    if (!uri.regionMatches(true, 0, "http://", 0, "http://".length())) {
      return uri;
    }
    int slash = uri.indexOf('/', "http://".length());
    return slash < 0 ? "/" : uri.substring(slash);
  }

  private static boolean isHttp11(HttpRequest request) {
    return HttpVersion.HTTP_1_1.equals(request.protocolVersion());
  }
}
